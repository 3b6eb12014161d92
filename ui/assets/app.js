/* The browser's half: clicks become events, panes open and close, marks scroll into view.
   All text comes from the server; nothing here puts text into the page as markup. */
(() => {
  "use strict";
  const root = document.documentElement;
  const memory = {
    get: (key) => { try { return localStorage.getItem("filings-qa." + key) || ""; } catch { return ""; } },
    set: (key, value) => { try { localStorage.setItem("filings-qa." + key, value); } catch { /* private window */ } },
  };
  const narrow = () => window.matchMedia("(max-width: 900px)").matches;
  const $ = (selector, from = document) => from.querySelector(selector);
  const $$ = (selector, from = document) => [...from.querySelectorAll(selector)];

  /* Theme: the choice made here, else the system's. Gradio's own parts follow body.dark. */
  const darkSystem = window.matchMedia("(prefers-color-scheme: dark)");
  const paint = () => {
    const chosen = memory.get("theme") || (darkSystem.matches ? "dark" : "light");
    root.dataset.theme = chosen;
    document.body?.classList.toggle("dark", chosen === "dark");
  };
  darkSystem.addEventListener("change", paint);
  document.addEventListener("DOMContentLoaded", paint);
  paint();
  root.dataset.page = "chat";
  root.dataset.tab = "filings";

  /* What the browser tells the server when the page is opened. */
  const boot = () => {
    paint();
    return { lang: memory.get("lang") || navigator.language || "en", conversation: memory.get("conversation") };
  };

  const send = {};        // event name by area -> trigger
  const opened = new Set(); // ids of unfolded <details>, kept over a redraw

  function area(element, trigger, watch, upload, acts) {
    const known = new Set(acts);
    const emit = (name, data) => { if (known.has(name)) trigger(name, { ...data }); };
    const place = element.closest("[id^='fq-']")?.id || "";
    send[place] = emit;
    element.addEventListener("click", (event) => clicked(event, emit));
    element.addEventListener("change", (event) => changed(event, emit, upload));
    element.addEventListener("submit", (event) => submitted(event, emit));
    element.addEventListener("toggle", (event) => {
      const fold = event.target;
      if (fold.id && event.isTrusted) fold.open ? opened.add(fold.id) : opened.delete(fold.id);
    }, true);
    const redraw = () => { redrawn(element, place); };
    watch("value", redraw);
    redraw();
    if (place === "fq-railhead") dropZone(element, emit, upload);
  }

  function clicked(event, emit) {
    const button = event.target.closest("[data-act], [data-local]");
    if (!button || button.disabled) return;
    if (button.dataset.local) { local(button); return; }
    const data = { ...button.dataset };
    const name = data.act;
    delete data.act;
    if (data.confirm && !window.confirm(data.confirm)) return;
    if (data.prompt) {
      const answer = window.prompt(data.prompt, data.value || "");
      if (answer === null) return;
      data.answer = answer;
    }
    const menu = button.closest("details.fq-menu");
    if (menu) { menu.open = false; opened.delete(menu.id); }
    before(name, data, button);
    emit(name, data);
  }

  /* What can be shown at once, before the server has answered. */
  function before(name, data, button) {
    if (name === "cite") {
      $$(".fq-current").forEach((chip) => chip.classList.remove("fq-current"));
      button.classList.add("fq-current");
    }
    if (name === "cite" || name === "near" || name === "read") {
      lastMark = "";
      openSide("source");
      /* What is shown already is not drawn again, but gone to. */
      setTimeout(() => { if (!lastMark) sourced($("#fq-sourcepane")); }, 400);
    }
    if (name === "show") goTo(data.page);
    if (name === "ask" || name === "without" || name === "open" || name === "new") {
      goTo("chat");
      if (narrow()) closeSides();
      stick = true;
    }
    if (name === "language") memory.set("lang", root.lang.startsWith("zh") ? "en" : "zh");
  }

  function changed(event, emit, upload) {
    const field = event.target;
    if (field.id === "fq-upload") { takeFiles([...field.files], emit, upload); field.value = ""; return; }
    if (field.dataset.change) emit(field.dataset.change, { ...field.dataset, value: field.value });
  }

  function submitted(event, emit) {
    const form = event.target;
    event.preventDefault();
    if (!form.dataset.submit) return;
    const data = Object.fromEntries(new FormData(form));
    if (form.dataset.submit === "ask") {
      if (!data.question.trim()) { $("#fq-question").focus(); return; }
      const box = $("#fq-question");
      box.value = "";
      grow(box);
      stick = true;
    }
    emit(form.dataset.submit, data);
  }

  /* Panes, pages, tabs. */
  function local(button) {
    const what = button.dataset.local;
    if (what === "theme") {
      memory.set("theme", root.dataset.theme === "dark" ? "light" : "dark");
      paint();
    } else if (what === "toggle-library" || what === "toggle-source") {
      const side = what.slice(7);
      isOpen(side) ? closeSide(side) : openSide(side);
    } else if (what === "tab") {
      selectTab(button);
    }
  }
  const isOpen = (side) => narrow() ? root.dataset.over === side : !root.classList.contains("fq-no-" + side);
  function openSide(side) {
    if (narrow()) {
      root.dataset.over = side;
      const pane = $(side === "source" ? "#fq-source" : "#fq-rail");
      requestAnimationFrame(() => $("button, a, input", pane)?.focus({ preventScroll: true }));
    } else root.classList.remove("fq-no-" + side);
    goTo("chat");
    told();
  }
  function closeSide(side) {
    if (narrow()) delete root.dataset.over; else root.classList.add("fq-no-" + side);
    told();
  }
  const closeSides = () => { delete root.dataset.over; told(); };
  function told() {
    for (const side of ["library", "source"]) {
      $(`[data-local="toggle-${side}"]`)?.setAttribute("aria-expanded", String(isOpen(side)));
    }
  }
  function goTo(page) {
    root.dataset.page = page;
    $$(".fq-page").forEach((button) => {
      button.dataset.page === page ? button.setAttribute("aria-current", "page") : button.removeAttribute("aria-current");
    });
  }
  function selectTab(button) {
    root.dataset.tab = button.dataset.tab;
    for (const tab of $$("[role=tab]")) {
      const on = tab === button;
      tab.setAttribute("aria-selected", String(on));
      tab.tabIndex = on ? 0 : -1;
    }
  }
  document.addEventListener("keydown", (event) => {
    const tab = event.target.closest?.("[role=tab]");
    if (tab && (event.key === "ArrowRight" || event.key === "ArrowLeft")) {
      const other = $$("[role=tab]").find((one) => one !== tab);
      selectTab(other);
      other.focus();
    }
    if (event.key === "Escape") {
      const menu = $("details.fq-menu[open]");
      if (menu) { menu.open = false; $("summary", menu).focus(); } else if (narrow()) closeSides();
    }
    const box = event.target.closest?.("[data-enter]");
    /* 229 and isComposing: Enter that only confirms a word of an input method sends nothing. */
    if (box && event.key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) {
      event.preventDefault();
      box.form.requestSubmit();
    }
  });
  document.addEventListener("click", (event) => {
    for (const menu of $$("details.fq-menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("input", (event) => {
    if (event.target.id === "fq-question") grow(event.target);
    if (event.target.id === "fq-find") filterList();
  });
  const grow = (box) => { box.style.height = "auto"; box.style.height = Math.min(box.scrollHeight, 180) + "px"; };

  /* After the server has changed an area. */
  let stick = true; // whether the conversation stays at its end while it grows
  let lastMark = "";
  let lastParcel = "";
  function redrawn(element, place) {
    for (const id of opened) {
      const fold = element.querySelector("#" + CSS.escape(id));
      if (fold && !fold.open) fold.open = true;
    }
    if (place === "fq-header") headed(element);
    if (place === "fq-thread" || place === "fq-live") threaded(place, element);
    if (place === "fq-next" && stick) requestAnimationFrame(() => {
      /* Only where the whole answer stays in sight. */
      const pane = $("#fq-scroll");
      const last = $$(".fq-turn", pane).pop();
      if (last && element.offsetHeight && pane.scrollHeight - last.offsetTop < pane.clientHeight) pane.scrollTop = pane.scrollHeight;
    });
    if (place === "fq-composer") composed(element);
    if (place === "fq-sourcepane") sourced(element);
    if (place === "fq-filings") filterList();
    if (place === "fq-railhead") $$("[role=tab]", element).forEach((tab) => { if (tab.dataset.tab === root.dataset.tab) selectTab(tab); });
    if (place === "fq-parcel") parcel(element);
  }
  function headed(element) {
    const lang = $("[data-lang]", element)?.dataset.lang;
    if (!lang) return;
    root.lang = lang === "zh" ? "zh-CN" : "en";
    document.title = $("h1", element).firstChild.textContent;
    goTo(root.dataset.page);
    told();
  }
  function threaded(place, element) {
    const turns = $("[data-conversation]", element);
    if (turns) memory.set("conversation", turns.dataset.conversation);
    requestAnimationFrame(showFirst);
    const scroller = $("#fq-scroll");
    if (scroller && stick) requestAnimationFrame(() => {
      const live = $(".fq-live", scroller);
      const done = $("[data-done]", scroller);
      const finished = done && document.getElementById("turn-" + done.dataset.done);
      /* A finished answer is shown from its question on; a growing one at its end. */
      if (finished && finished.offsetHeight > scroller.clientHeight) {
        scroller.scrollTop = finished.offsetTop - 12;
      } else if (live || finished || place === "fq-thread") scroller.scrollTop = scroller.scrollHeight;
    });
  }
  /* While the source pane is empty, a finished answer opens its first citation there. */
  let shownFor = "";
  function showFirst() {
    const done = $("[data-done]")?.dataset.done;
    /* The two areas come in either order: nothing is done until the turn itself is there. */
    const turn = done && document.getElementById("turn-" + done);
    if (!turn || done === shownFor || narrow() || !isOpen("source") || !$(".fq-sheet-empty")) return;
    shownFor = done;
    $(".fq-text .fq-figure[data-n], .fq-text .fq-chip", turn)?.click();
  }
  function composed(element) {
    const box = $("#fq-question", element);
    if (!box) return;
    if (box.dataset.prefill && box.dataset.prefill !== box.dataset.taken) {
      box.value = box.dataset.prefill;
      box.dataset.taken = box.dataset.prefill;
      grow(box);
      box.focus();
    }
  }
  function sourced(element) {
    const sheet = $("[data-mark]", element);
    if (!sheet || sheet.dataset.mark === lastMark) return;
    lastMark = sheet.dataset.mark;
    const paper = $(".fq-paper", sheet);
    const image = $("img", paper);
    const show = () => {
      const mark = $(".fq-cell, .fq-boxcell", paper) || $(".fq-box:not(.fq-boxcol), mark", paper);
      if (!mark) { paper.scrollTop = 0; return; }
      const middle = mark.getBoundingClientRect().top - paper.getBoundingClientRect().top;
      paper.scrollTop += middle - paper.clientHeight / 3;
      mark.scrollIntoView({ block: "nearest", inline: "nearest" });
    };
    if (image && !image.complete) image.addEventListener("load", show, { once: true });
    requestAnimationFrame(show);
  }
  function parcel(element) {
    const packed = $("[data-parcel]", element);
    if (!packed || packed.dataset.parcel === lastParcel) return;
    lastParcel = packed.dataset.parcel;
    const { copy, told: words, name, kind, content } = JSON.parse(lastParcel);
    if (copy) copyText(copy).then(() => toast(words));
    if (content) {
      const bytes = Uint8Array.from(atob(content), (letter) => letter.charCodeAt(0));
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([bytes], { type: kind }));
      link.download = name;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 10000);
    }
  }
  async function copyText(text) {
    if (navigator.clipboard?.writeText) {
      try { await navigator.clipboard.writeText(text); return; } catch { /* not allowed: the old way */ }
    }
    const box = document.createElement("textarea");
    box.value = text;
    box.className = "fq-sr";
    document.body.append(box);
    box.select();
    document.execCommand("copy");
    box.remove();
  }
  function toast(words) {
    const note = document.createElement("div");
    note.className = "fq-toast";
    note.setAttribute("role", "status");
    note.textContent = words;
    document.body.append(note);
    setTimeout(() => note.remove(), 2500);
  }

  /* The library's search works on the rows that are there. */
  function filterList() {
    const wanted = ($("#fq-find")?.value || "").trim().toLowerCase();
    for (const row of $$("#fq-filings [data-words]")) row.hidden = !!wanted && !row.dataset.words.includes(wanted);
  }

  /* Uploads: chosen or dropped anywhere on the library. */
  function dropZone(element, emit, upload) {
    const zone = () => $("#fq-rail") || element;
    for (const kind of ["dragover", "dragleave", "drop"]) {
      document.addEventListener(kind, (event) => {
        if (!zone().contains(event.target) || !event.dataTransfer?.types.includes("Files")) return;
        event.preventDefault();
        zone().classList.toggle("fq-dropping", kind === "dragover");
        if (kind === "drop") dropped(event.dataTransfer).then((files) => takeFiles(files, emit, upload));
      });
    }
  }
  /* Dropped folders are walked; their files come one by one. */
  async function dropped(transfer) {
    const entries = [...transfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    if (!entries.some((entry) => entry.isDirectory)) return [...transfer.files];
    const files = [];
    const walk = async (entry) => {
      if (entry.name.startsWith(".")) return;
      if (entry.isFile) { files.push(await new Promise((done, failed) => entry.file(done, failed))); return; }
      const reader = entry.createReader();
      for (;;) {
        const some = await new Promise((done, failed) => reader.readEntries(done, failed));
        if (!some.length) return;
        for (const one of some) await walk(one);
      }
    };
    for (const entry of entries) await walk(entry);
    return files;
  }
  async function takeFiles(files, emit, upload) {
    if (!files.length) return;
    const input = $("#fq-upload");
    const hint = $(".fq-drop small");
    const before = hint?.textContent;
    if (hint) hint.textContent = input.dataset.sending.replace("{n}", files.length);
    const sent = [];
    try {
      for (const file of files) sent.push({ path: (await upload(file)).path, name: file.name });
    } catch (error) {
      toast(String(error?.message || error));
    } finally {
      if (hint) hint.textContent = before;
    }
    if (sent.length) emit("uploaded", { files: sent });
  }

  /* The reader scrolls up: the conversation stays where it is. */
  document.addEventListener("scroll", (event) => {
    if (event.target.id === "fq-scroll") {
      const pane = event.target;
      stick = pane.scrollHeight - pane.scrollTop - pane.clientHeight < 80;
    }
  }, true);

  window.fq = { area, boot };
})();
