"""Two invented members as people type them."""

GAO = {
    "name": "高红卫",
    "id_no": "412723198411204639",
    "ethnic": "汉族",
    "education": "大专",
    "admitted_on": "2014-10-07",
    "full_on": "2015-10-07",
    "dues_base_fen": "10450",
}
LI = {"name": "李晓燕", "id_no": "412723199104030434", "admitted_on": "2026.3.27"}
