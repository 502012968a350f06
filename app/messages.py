"""A sentence in shop words for every code: what happened, what was kept, what to do next."""

from collections.abc import Callable, Mapping
from string import Formatter
from typing import Any

import msgspec

from app import messages_en
from app.audit_messages import CHINESE as AUDIT_SENTENCES
from app.clock import iso
from app.errors import ShopError
from app.hub_messages import CHINESE as HUB_SENTENCES
from app.office_messages import CHINESE as OFFICE_SENTENCES
from app.report_messages import CHINESE as REPORT_SENTENCES
from app.ship_messages import CHINESE as SHIP_SENTENCES
from app.stock import counting_sentences as counting

MESSAGES: dict[str, str] = {
    # Scanning and the basket.
    "unknown_code": "不认识这个码：{text}。请核对条码，或按 F2 用货号、拼音首字母找货",
    "not_goods_code": "这不是商品码，不能放进这一单",
    "not_a_payment_code": "不是付款码。按 Esc 返回收银再扫商品",
    "not_sellable": "{name} 不能在这里卖：{reason}",
    "lot_expired": "{name} 已于 {expires} 到期，请下架，不能卖",
    "label_without_weight": "秤签上没有重量和金额，请重新称重打签",
    "label_decides": "金额以秤签或押金为准，不能改数量；要改请删行重扫",
    "fraction_of_unit": "按件卖的商品只能是整数",
    "bad_quantity": "数量不对：{text}。请输入 0.001 到 99999 之间的数",
    "bad_amount": "金额不对：{text}。请写成 12.50 这样，最多两位小数",
    "bad_discount": "折扣不对：{text}。请写成 9.5 或 95（九五折）",
    "unknown_label": "没有这种标签：{name}",
    "no_label_printer": "这里没有接标签机，请到“标签”印成 A4 纸",
    "unknown_lot": "没有这个批次：{lot}",
    "bad_copies": "一次打 1 到 {most} 张",
    "zone_needed": "请输入货架号",
    "not_weighed": "{name} 不是称重商品，不打秤签",
    "lot_needed": "{name} 要先扫批次码或选批次",
    "mark_not_earned": "{name} 批 {batch} 还没有达到这个标识的认定，不能贴标",
    "serials_used": "标签号 {first}–{last} 里有用过的，请看一下卷上的号",
    "unknown_scale_family": "没有叫 {name} 的标签秤，知道的有：{known}",
    "no_scale_format": "本店没有 {digits} 位的秤签格式",
    "label_template_bad": "标签模板第 {line} 行：{problem}",
    "label_too_wide": "标签宽 {dots} 点，这台机最多 {most} 点",
    "lot_recalled": "这批 {name} 已召回，请下架（召回单 {number}）",
    "past_its_day": "{name} 是 {day} 的，只当天卖，请下架",
    "nothing_recalled": "请写要召回的批号",
    "unknown_recall": "没有这张召回单：{text}",
    "no_scale": "这台机没有接秤",
    "scale_unstable": "秤还没稳，放稳了再称",
    "bad_scale_address": "秤的接法看不懂：{text}。写成 asked:COM3 或 talking:COM3@9600",
    "scale_unreachable": "读不到秤，请看线和电源：{reason}",
    "bad_time": "时间看不懂：{text}",
    "bad_date": "日期看不懂：{text}。请写成 2026-12-31",
    "scan_too_long": "扫进来的内容太长，不是我们的码，没有采用",
    "no_such_line": "没有第 {line} 行",
    "not_reducible": "{name} 不参加任何优惠",
    "below_floor": "{name} 低于价目表的最低价，要店长授权",
    "price_changed": "{name} 的价格变了：多要的请重新扫，按现价另起一行",
    "unknown_promotion_code": "没有这个优惠码，或不在有效期内：{text}",
    "bad_price_list": "价目表不对：要有商品、不能重复、结束要晚于开始",
    "bad_promotion": "促销写得不对，请看这一项：{field}",
    "no_such_product": "没有这个商品：{product}",
    "no_such_promotion": "没有这个促销：{code}",
    "base_price_too_high": "{name} 的划线价太高：前七天最低只卖 {most}，不能写得比它高",
    "price_above_tag": "{name} 不能高于标价卖",
    "basket_empty": "这一单还没有商品",
    "basket_full": "一单最多装下 {most} 行了，请先收款，再开一单",
    "basket_not_empty": "先结清或挂起眼前这一单",
    "nothing_held": "没有挂起的单",
    "choose_held": "有 {count} 张挂单，请选一张",
    "question_open": "先回答屏幕上的问题，再继续",
    "no_question": "没有在等回答的问题",
    "bad_answer": "请回答“是”或“否”，日期请写成 2026-12-31",
    "reason_needed": "请写明原因",
    "collecting": "正在收款。按 Esc 返回后再改商品",
    "unknown_receipt": "这台机上没有单号 {number}",
    "no_printer": "这台机没有打印机。小票可以在屏幕上给顾客扫码看",
    "one_moment": "上一步还在保存，没有重复做。请等一下再按",
    **counting.CHINESE,
    # Money.
    "cash_uncounted": "先点钱箱里的现金，再按 Enter；一分也没有就填 0",
    "received_too_large": "实收比应收多得太多，请核对后重新输入",
    "tender_offline": "这种付款方式现在不能用：{reason}。请收现金或换一种",
    "attempt_open": "上一笔扫码付款还没有结果，请等一下；不要让顾客再付一次",
    "attempt_moved": "这笔付款刚有了变化，请再看一眼",
    "attempt_settled": "这笔付款已经有结果了",
    "tender_captured": "这笔钱由网络或账上记着，不能改成别的；请走退货",
    "tender_not_there": "这张小票不是用这种方式付的",
    "tender_gone_back": "这笔钱已经退过，不能再改付款方式",
    "tender_after_z": "这张小票的营业日已经日结，或不是这台机的，不能再改付款方式",
    "code_used": "这个付款码用过了，请顾客刷新付款码",
    "money_taken": "顾客的钱已经收到一部分，要先退回才能返回或取消",
    "over_open": "除现金外不能多收",
    "reference_needed": "请输入对方的流水号或凭证号",
    "card_number": "不能记银行卡号，请记签购单上的流水号",
    "channel_kind_unknown": "没有这种支付通道：{kind}",
    "channel_keys_bad": "支付通道的密钥文件不对：{detail}",
    "bad_task_answer": "这件待办不能这样处理",
    "unknown_tab": "没有这笔挂着的房账，或已经结清",
    "unknown_attempt": "没有这笔收款",
    "not_captured": "这笔钱没有收到，不能退",
    "exchange_open": "这一单已经在换货（原单 {number}），先取消再换别的",
    "nothing_due": "换下的商品已经抵完，不用再付：按收款完成",
    "no_exchange": "这一单没有换货",
    "basket_sold": "这一单在本机恢复之前已经结过账，没有再卖；请取消这一单",
    "over_refund": "退得比收的多：这笔已退完或不够退",
    "refund_route_closed": "不能从原路退了：超过 {days} 天，或已退满 {parts} 次。请改用其他方式退",
    "bad_tender": "没有这种付款方式：{tender}",
    "disk_low": "磁盘快满了，先不要收钱。已收的单都在；请腾出空间或叫店长",
    # Invoices.
    "buyer_code_bad": "抬头码不完整或已损坏，请顾客重新打开再扫，或手工输入",
    "buyer_name_bad": "请输入抬头名称，最多 {most} 个字",
    "tax_number_bad": "税号不对：应是 18 位统一社会信用代码，请核对最后一位；个人不填税号",
    "buyer_needed": "请扫抬头码，或输入抬头名称和税号",
    "tax_code_missing": "{name} 没有税收分类编码（{kind}），请在设置—发票里补上",
    "tax_codes_bad": "税收编码第 {line} 行看不懂：{text}。请写成 goods 2026-01-01 19位编码 简称",
    "invoice_open": "单 {number} 已经申请过开票，不能再申请一次",
    "invoice_issued": "这张发票已经开出，改抬头要先开红字发票",
    "invoice_on_its_way": "发票正在开，等有了结果再改",
    "invoice_over": "这张发票申请已经结束，不能再改",
    "invoice_not_issued": "还没有开出的发票，不用开红字",
    "invoice_for_goods": "先收完这一单的钱，再扫抬头码开票",
    "nothing_to_invoice": "单 {number} 没有可以开票的金额",
    "unknown_invoice": "没有这张发票申请",
    "no_red_letter_due": "这张发票没有要冲红的金额",
    "red_letter_stays": "红字发票不能撤回，税务要求退货必须冲红",
    "export_failed": "没能写文件 {path}：{detail}",
    # People, shifts.
    "sign_in_needed": "请先登录",
    "wrong_pin": "工号或 PIN 不对",
    "pin_locked": "工号 {person} 连错十次，已锁定，请店长解锁",
    "staff_rank": "只能管自己这一级以下的人；同级和上级的事请找更高一级",
    "staff_self": "自己的角色和去留不能自己改；换自己的 PIN 请用旧 PIN",
    "staff_last_manager": "店里至少要留一位在岗的店长",
    "unknown_entry": "流水里没有第 {seq} 条",
    "verifiers_bad": "这份工号包看不懂，或不是发给这台机的，没有采用",
    "recovery_wrong": "恢复码不对。请照首次设置时写下的那张纸再输一遍",
    "pin_weak": "PIN 至少 {least} 位数字，不能是顺子，也不能只用一两个数字",
    "nobody_yet": "这个店还没有第一个人，请接着设置",
    "answer_needed": "这里要填",
    "not_twice_the_same": "两次输得不一样",
    "last_group_wrong": "和屏幕上的最后一组不一样，请照着纸再输一遍",
    "shop_code_bad": "店号是 2 到 8 位字母和数字",
    "till_number_bad": "机号是 1 到 99 的整数",
    "import_stopped": "已经停下，什么也没有导入",
    "staff_number_bad": "工号是 2 到 8 位数字",
    "role_unknown": "没有这种岗位：{role}",
    "approval_needed": "这一步要{role}授权：请另一人输入工号和 PIN",
    "nothing_uncounted": "没有等着补点的班次",
    "bad_cash_kind": "现金存取没有这一种：{text}",
    "not_allowed": "这个岗位不做这一步，请{role}登录来做",
    "approver_same": "授权的人不能是自己",
    "over_limit": "超出授权人的限额，请找更高一级",
    "shift_needed": "还没有开班，请先开班",
    "shift_already_open": "班次已经开着，可以直接收银",
    "shift_still_open": "还有班次没交，先交班再日结",
    "day_not_open": "今天还没有开过班，没有可以日结的内容",
    # Members and money left with the shop.
    "member_name_bad": "请填会员的姓名或称呼",
    "phone_bad": "手机号不对，请只填数字",
    "consent_needed": "要先征得顾客同意，才能建会员",
    "member_known": "这个手机号已经是会员：{number}",
    "unknown_member": "没有找到这位会员",
    "choose_member": "有 {count} 位会员对得上，请再问姓氏或整个手机号",
    "member_has_money": "这位会员还有钱留在店里，先退清再注销",
    "member_needed": "这要记在会员名下，请先认会员（F5）",
    "account_short": "这笔只剩 {left}，不够付这么多",
    "account_of_other": "这笔钱记在别的会员名下，请先认那位会员（F5）",
    "account_choose": "有几笔可以用，请输入其中一笔的后八位：{accounts}",
    "voucher_used": "这张券用过了：{text}",
    "points_short": "积分不够：现有 {left} 分",
    "points_over": "这一单最多用 {most} 分，用多了没有找零",
    "points_off": "这家店不用积分抵现",
    "bad_points": "积分不对：要整百，且不超过现有积分",
    "ledger_kind_bad": "这种款项不能这样办：{kind}",
    "earnest_too_high": "定金最多收合同价的两成（{most}），多的部分请收订金",
    "stored_too_high": "储值超过记名上限 {most}",
    "stored_off": "这家店没有开通储值",
    "too_much_back": "账上只剩本金 {left}，退不了这么多",
    "unknown_account": "没有这笔订金、预付或押金",
    # Clock, disk, folder, keystore.
    "clock_jumped": "电脑时钟不对：显示 {shown}，应该不早于 {expected}。请校时，或由人确认时间无误",
    "disk_full": "磁盘满了，这一步没有保存，之前的都在。请腾出空间再试",
    "disk_error": "磁盘读写出错，这一步没有保存，之前的都在。请再试；仍不行请叫店长",
    "disk_read_only": "磁盘只能读不能写，这一步没有保存。请检查磁盘",
    "database_busy": "数据正被占用，请稍候再试",
    "start_failed": "收银台没有打开（{detail}）。请再试一次，仍不行请把日志交给维护的人",
    "copies_in_practice": "练习的单不备份，免得和真账混在一起",
    "copies_of_several": "这里有几台机的备份：{tills}。请指明是哪一台的文件夹",
    "copies_place_bad": "请写完整的文件夹路径，比如 /media/usb/备份 或 E:\\备份",
    "copy_same_disk": "备份和数据在同一块盘上，坏盘时救不了。请换到第二块盘或 U 盘",
    "return_policy": "{name} 按退货规定不能退",
    "return_policy.fresh": "{name} 是生鲜，只收质量问题",
    "return_policy.too_late": "{name} 已过 {days} 天退货期，只收质量问题",
    "return_policy.other": "写“其他”原因的退货要店长授权",
    "bad_reason": "没有这种退货原因：{text}",
    "bad_disposition": "退回的货只能回架、报损或退给厂家",
    "day_cap": "没有小票的退货今天已到上限 {cap} 元，请找店长改用其他办法",
    "database_damaged": "数据文件损坏，为免丢单停在这里。请不要删除任何文件，用备份恢复",
    "not_a_till_database": "这个文件夹里的 till.db 不是收银数据，没有动它",
    "schema_newer": "数据是更新版本的程序写的（{version}），请升级程序再打开",
    "sqlite_too_old": "数据库组件太旧（{version}），请重新安装程序",
    "not_saved": "没有保存成功，确实没有成交。请再按一次",
    "stop_selling": "不能确定有没有保存。请停用这台机，改用手写单，重启后会自动核对",
    "folder_read_only": "数据文件夹不能写入：{detail}。请换一个文件夹或检查权限",
    "folder_synced": "数据文件夹在同步盘“{name}”里，会弄坏数据。请换到本机普通文件夹",
    "folder_on_network": "数据文件夹在网络盘（{name}）上，不能保证不丢单。请换到本机磁盘",
    "till_already_open": "这个文件夹的收银机已经开着。请切换到那个窗口",
    "folder_not_set_up": "这个文件夹还没有设置过收银机",
    "folder_already_set_up": "这个文件夹已经是一台收银机了",
    "folder_half_made": "上次设置到一半就断了，里面没有任何记录。请换一个空文件夹重新设置",
    "passphrase_needed": "请输入这台机的口令",
    "passphrase_too_short": "口令至少 8 个字",
    "keystore_missing.open": "系统的钥匙串打不开，这台机的主钥匙在里面。请登录桌面、解锁钥匙串再试",
    "keystore_missing": "系统没有可用的钥匙串。请选择用口令，或把钥匙存成只有您能读的文件",
    "keystore_key_lost": "找不到这台机的主钥匙，密封的资料打不开。请恢复钥匙，或用备份重建",
    "keystore_wrong_key": "主钥匙不对，密封的资料打不开",
    "journal_broken": "流水在第 {seq} 条断了，可能被改动过。没有打开；请联系总部核查",
    "series_used_up": "这台机恢复的次数太多，小票字母已用完。请换一台机号重新设置",
    "schema_older": "数据是旧版本程序写的（{version}），请先用新程序打开一次收银机",
    "upgrade_failed": "数据升级没有成功，已原样保留，旧版本还能打开。请把诊断包发给支持",
    "passphrase_wrong": "口令不对",
    "copy_failed": "备份没有写成：{detail}。数据都在，请检查备份盘",
    "copy_missing": "备份盘上没有这台机的备份",
    "copy_damaged": "备份在第 {seq} 条损坏。没有用它恢复；请换一份备份，或联系总部",
    "copy_differs": "备份盘上的内容和这台机不一致，没有覆盖它。请联系总部核查",
    "training_only": "这个文件夹不是练习文件夹，没有动它",
    "qt_bad": "界面组件和这个 Python 版本合不来，会中途退出，没有打开。请重新安装程序",
    "sample_broken": "随程序带的样例数据 {file} 第 {row} 行被改动过，请重新安装",
    # Catalogue.
    "claim_not_approved": "“{word}”是功能声称，没有核准文件，不能印在 {name} 上",
    "no_certificate": "{name} 写着“{word}”，没有有效证书，不能收货或打标签",
    "no_certificate.farm": "{name} 是农产品，没有承诺达标合格证不能收货",
    "lot_expired.arrival": "{name} 已于 {expires} 到期，不能收",
    "below_floor.cost": "{name} 的进价低于这批的保价下限，要填总部的批准号",
    "more_than_dispatched": "{name} 收 {quantity}，来单上只有 {expected}：多收要写原因",
    "bad_level": "认定等级不对：{text}。只有县、镇，没有就空着",
    "bad_temperature": "温度不对：{text}。请写成 3.5 或 -18",
    "bad_place": "没有这个位置：{text}",
    "document_posted": "这张单已经过账了",
    "transfer_elsewhere": "{number} 是别的店调来的，请按调入收",
    "dispatch_known": "来单 {number} 已经有了",
    "unknown_document": "没有这张单：{text}",
    "unknown_ledger": "没有这本台账：{text}",
    "bad_days": "天数不对：1 到 {most}",
    "nothing_changed": "单上没有商品",
    "wrong_sign": "{word} 的数量方向不对：出去写负数，多出来写正数",
    "beneficiary_needed": "{word} 要写给哪个单位",
    "approval_no_needed": "{word} 要写批准号",
    "not_a_photo": "{path} 不是照片。请选 JPG、PNG 或手机拍的照片",
    "too_many_photos": "照片最多 {most} 张，每张不超过 4 MB",
    "lot_recalled.held": "{name} 这批已召回，要留在隔离区",
    "bad_shop": "调往的店号不对：{text}",
    "no_such_lot": "这张单上没有，或要说明批次：{text}",
    "line_twice": "同一批写了两行，请合成一行",
    "file_unreadable": "读不了这个文件：{path}",
    "seal_broken": "文件被改过或不完整，没有采用。请对方重新导出",
    "wrong_file": "这不是这里要的文件",
    "not_for_us": "这个文件不是给这个店的：{text}",
    "sender_key_changed": "{shop} 换了机器或钥匙：请打电话核实，再确认收下",
    "other_content": "{number} 已经收过，这次的内容不一样，没有采用",
    "nothing_received": "入库单上没有商品",
    "too_many_lines": "一张入库单最多 {most} 行，请分开收",
    "not_goods": "{name} 不是单件商品，不能入库；套装请收它的部件",
    "no_price": "这个商品没有售价",
    "scale_format_bad": "秤签格式“{text}”不对：{reason}",
    "scale_format_overlaps": "秤签格式“{text}”和“{other}”分不开，请改前缀或长度",
    "scale_format_overlaps_wallet": "秤签格式“{text}”会和付款码混淆，请把前缀改为 20 到 24",
    "scale_label_does_not_fit": "这个数放不进秤签",
    "import_empty": "文件是空的",
    "import_no_file": "打不开文件 {name}",
    "import_columns_missing": "表头缺少这些列：{columns}",
    "import_encoding": "文字编码认不出来，请另存为 UTF-8 的 CSV 或 .xlsx",
    "import_old_excel": "旧版 .xls 读不了，请另存为 .xlsx",
    "import_too_large": "文件太大，最多 {most}",
    "import_too_many_rows": "行数太多，最多 {most} 行",
    "import_broken": "文件打不开，可能已损坏或加了密码",
    # Settings, console.
    "setting_unknown": "没有这个设置：{key}",
    "setting_bad": "这个设置不能这样填：{reason}",
    "unknown_command": "没有这个命令：{do}",
    "bad_command": "这一行看不懂：{detail}",
    "demo_only": "只有演示文件夹可以这样做",
    "clock_not_settable": "这台机用的是真实时钟，不能拨",
    "file_not_written": "文件写不出来（{detail}）。请换一个能写的位置",
    "bundle_not_written": "诊断包写不出来（{detail}）。请换一个能写的位置",
    "no_screen": "这里没有屏幕，窗口开不了。请在有桌面的机器上运行；控制台和 --out 不用屏幕",
    "port_taken": "端口 {port} 已被别的程序占用。请关掉它，或用 --port 换一个",
    "bench_not_here": "安装版不带性能测试，请在源代码目录里运行",
    "unknown_fault": "没有这种故障可以练习：{what}",
    "unknown_job": "没有这张打印任务",
    "job_settled": "这张打印任务已经有结果了",
    "unknown_task": "没有这件待办",
    "task_elsewhere": "这件待办要到它自己的页面处理",
    "bug": "程序出错了，已记下。眼前这一单还在，请再试一次；仍不行请叫店长",
    # Printers, displays, keys, fonts.
    "receipt_template_bad": "小票模板第 {line} 行不对：{problem}",
    "unknown_printer_profile": "没有这种打印机型号：{name}",
    "bad_printer_profile": "打印机型号文件 {name} 有错：{reason}",
    "bad_printer_address": "打印机地址不对：{text}",
    "bad_display_address": "客显地址不对：{text}",
    "display_amount": "客显显示不了这个数：{text}",
    "display_unreachable": "客显没有连上，不影响收款",
    "printer_unreachable": "打印机没有连上：{reason}。小票在排队，不影响收款",
    "printer_broke_off": "打印到一半断了，请看纸上有没有，再在待办里回答",
    "bad_barcode": "这个条码打印不了：{text}",
    "bad_check_digit": "条码校验位不对：{text}",
    "barcode_too_wide": "条码太宽，纸上放不下",
    "qr_too_long": "二维码内容太长",
    "qr_too_wide": "二维码太宽，纸上放不下",
    "no_han_font": "找不到中文字体，请重新安装程序",
    "bad_key": "没有这个按键：{text}",
    "bad_action": "没有这个动作：{text}",
    "key_used_twice": "按键 {key} 用了两次",
    "action_twice": "动作 {action} 写了两次",
    **AUDIT_SENTENCES,
    **HUB_SENTENCES,
    **OFFICE_SENTENCES,
    **REPORT_SENTENCES,
    **SHIP_SENTENCES,
}

ROLE_NAMES = {
    "cashier": "收银员",
    "lead": "值班长",
    "manager": "店长",
    "auditor": "审计员",
    "head_office": "总部",
}
REASONS = {
    "inactive": "已停售",
    "display_only": "镇馆展品，只展示",
    "wholesale_only": "只做批发",
    "dated_service": "要选日期的服务，这一版还不能卖",
    "health_food_no": "缺保健食品批准文号",
    "letters": "只能用数字和 P A W N C ?",
    "length": "总长要 8 到 24 位",
    "twice": "同一个字母分成了两段",
    "missing": "要有 P，还要有 A、W、N 中的一个",
    "prefix": "前缀会和商品条码混淆，请用 20 到 24",
    "unplugged": "没有插好",
    "breaks": "中途断开",
}
TRIES_LEFT = "，还可以试 {left} 次"


_WORDED = frozenset({"reason", "detail", "problem", "word"})
"""Details that are words of ours, not of whoever typed."""


class Language(msgspec.Struct, frozen=True):
    """The sentences of one language: by code, with the words details stand for."""

    messages: Mapping[str, str]
    roles: Mapping[str, str]
    reasons: Callable[[str], str]
    tries_left: str


LANGUAGES = {
    "zh": Language(MESSAGES, ROLE_NAMES, lambda reason: REASONS.get(reason, reason), TRIES_LEFT),
    "en": Language(
        messages_en.MESSAGES, messages_en.ROLE_NAMES, messages_en.reason, messages_en.TRIES_LEFT
    ),
}


class _Gentle(Formatter):
    """Leaves out what a refusal did not say, instead of failing in front of a customer."""

    def get_value(self, key: int | str, args: Any, kwargs: Any) -> Any:
        return kwargs.get(key, "") if isinstance(key, str) else ""


def sentence(error: ShopError, language: str = "zh") -> str:
    """The sentence for a refusal or trouble, its details in shop words ("zh" or "en")."""
    words = LANGUAGES[language]
    details = dict(error.details)
    if "role" in details:
        details["role"] = words.roles.get(str(details["role"]), details["role"])
    for name in _WORDED.intersection(details):
        details[name] = words.reasons(str(details[name]))
    if error.code == "clock_jumped":
        details["shown"] = iso(int(details.get("shown_ms", 0)))
        details["expected"] = iso(int(details.get("expected_ms", 0)))
    more = words.tries_left if error.code == "wrong_pin" and details.get("left") else ""
    return _Gentle().vformat(_text(words.messages, error) + more, (), details)


def _text(messages: Mapping[str, str], error: ShopError) -> str:
    """The sentence, the one for this kind of the thing if there is one, or the bare code."""
    special = f"{error.code}.{error.details.get('kind', '')}"
    found = messages.get(special) or messages.get(error.code)
    return found or error.code
