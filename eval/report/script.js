const root = document.documentElement;
const at = (id) => document.getElementById(id);
const cards = [...document.querySelectorAll(".card")];

function setLanguage(code) {
  root.dataset.ui = code;
  root.lang = code;
}

function filter() {
  const words = at("find").value.trim().toLowerCase();
  let shown = 0;
  for (const card of cards) {
    const fits =
      (!at("failed").checked || card.dataset.failed === "1") &&
      (!at("changed")?.checked || card.dataset.changed === "1") &&
      (!at("type").value || card.dataset.type === at("type").value) &&
      (!at("lang").value || card.dataset.lang === at("lang").value) &&
      (!words || card.textContent.toLowerCase().includes(words));
    card.hidden = !fits;
    shown += fits;
  }
  at("count").textContent = `${shown} / ${cards.length}`;
}

document.querySelectorAll("button[data-set]").forEach((button) => {
  button.addEventListener("click", () => setLanguage(button.dataset.set));
});
for (const id of ["failed", "changed", "type", "lang", "find"]) {
  at(id)?.addEventListener("input", filter);
}
if (!navigator.language.startsWith("zh")) setLanguage("en");
filter();
