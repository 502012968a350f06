"""What 审计 says when it cannot go on: code -> sentence, in both languages."""

CHINESE: dict[str, str] = {
    "check_stopped": "验证停在半路，没有结论",
}
ENGLISH: dict[str, str] = {
    "check_stopped": "The check was stopped half way and says nothing",
}
