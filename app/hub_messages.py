"""What a till and a hub say of each other: code -> sentence, in both languages."""

CHINESE: dict[str, str] = {
    "not_enrolled": "这台机还没有加入总部",
    "hub_address_bad": "这不是总部的地址：{text}",
    "hub_needs_tls": "总部的地址要用 https://（本机除外）",
    "hub_not_reached": "总部没有接通：{reason}。请检查网络和地址再试",
    "hub_refused": "总部没有同意：{reason}",
    "hub_database_bad": "数据库地址用不了：{detail}",
    "hub_database_away": "数据库连不上（{detail}）。请检查它是否在运行",
    "hub_key_lost": "总部的密钥不见了，或不是这一家的（{path}）。请从备份找回",
    "hub_not_here": "这个文件夹里没有总部。请先用 ./pos hub 启动",
    "demo_and_real": "演示和正式不能混在一个总部里",
    "unknown_device": "没有这台机的申请",
    "fingerprint_wrong": "指纹对不上。请再看一遍收银机上的六位数，不一致就不要放行",
}
ENGLISH: dict[str, str] = {
    "not_enrolled": "This till has not joined head office",
    "hub_address_bad": "This is no address of a head office: {text}",
    "hub_needs_tls": "A head office's address must begin with https:// (unless it is this machine)",
    "hub_not_reached": "Head office was not reached: {reason}. Check network and address",
    "hub_refused": "Head office did not agree: {reason}",
    "hub_database_bad": "This database address cannot be used: {detail}",
    "hub_database_away": "The database does not answer ({detail}). Check that it is running",
    "hub_key_lost": "The hub's key is gone or another's ({path}). Find it in a backup",
    "hub_not_here": "There is no hub in this folder. Start one with ./pos hub first",
    "demo_and_real": "Demo and real tills cannot share one hub",
    "unknown_device": "No such till has asked",
    "fingerprint_wrong": "The fingerprints differ. Look at the till's six digits again",
}
