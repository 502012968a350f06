"""What is said about copies, restoring and updates: code -> sentence, in both languages."""

CHINESE: dict[str, str] = {
    "copies_sealed": "备份是加密的。请输入恢复码：开店时印出来、封好放在店外的那张纸",
    "copy_foreign": "这个文件不是收银机的数据库，或被人动过（{detail}）。没有用它，什么都没有改",
}
ENGLISH: dict[str, str] = {
    "copies_sealed": "These copies are sealed. Enter the recovery code from the sheet that was"
    " printed on the first day",
    "copy_foreign": "This file is no till's database, or was tampered with ({detail}). It was not"
    " used and nothing was changed",
}
