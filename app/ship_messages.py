"""What is said about copies, restoring and updates: code -> sentence, in both languages."""

CHINESE: dict[str, str] = {
    "copies_sealed": "备份是加密的。请输入恢复码：开店时印出来、封好放在店外的那张纸",
    "copy_foreign": "这个文件不是收银机的数据库，或被人动过（{detail}）。没有用它，什么都没有改",
    "setup_file_bad": "开店文件读不懂：{detail}",
    "setup_no_file": "打不开这个文件：{name}",
    "setup_field": "开店文件里的 {name} 不对：{detail}",
    "setup_unknown": "开店文件里没有 {name} 这一项，请核对拼写",
    "setup_pin_missing": "没有给工号 {number} 的 PIN。请在终端里运行，会逐个问",
    "setup_pins_open": "{name} 别人也能读。请先 chmod 600，用完就删",
    "setup_till_missing": "开店文件里没有 {till} 号机。有的是：{known}",
    "setup_other_till": "这个文件夹已经是 {shop} 的 {till} 号机，没有改它",
    "setup_no_desktop": "这个系统不用桌面文件，请用安装程序里的选项",
    "setup_nothing": "请写 --from 开店文件，或 --desktop、--autostart",
}
ENGLISH: dict[str, str] = {
    "copies_sealed": "These copies are sealed. Enter the recovery code from the sheet that was"
    " printed on the first day",
    "copy_foreign": "This file is no till's database, or was tampered with ({detail}). It was not"
    " used and nothing was changed",
    "setup_file_bad": "The setup file cannot be read: {detail}",
    "setup_no_file": "This file cannot be opened: {name}",
    "setup_field": "{name} in the setup file is wrong: {detail}",
    "setup_unknown": "The setup file knows no {name}; check the spelling",
    "setup_pin_missing": "No PIN for number {number}. Run this at a terminal and it will ask",
    "setup_pins_open": "Others can read {name}. chmod 600 it first, and delete it afterwards",
    "setup_till_missing": "The setup file has no till {till}. It has: {known}",
    "setup_other_till": "This folder is till {till} of {shop} already and was not changed",
    "setup_no_desktop": "This system has no desktop entries; use the installer's options",
    "setup_nothing": "Say --from FILE, or --desktop or --autostart",
}
