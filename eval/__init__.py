"""The evaluation suite: question sets, metrics, statistics, gates and reports.

It reads as one sentence: a *system* answers *questions*, *metrics* score what it gave, *statistics*
say how far the scores can be trusted, *gates* decide whether a change may pass.
"""
