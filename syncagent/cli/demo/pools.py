"""Answers for the names, companies, posts and products that the demo's world is drawn from; data only.

All companies get domains under ``.example``, which nobody can own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Seat:
    """A post in a customer's organisation, with its title in three languages."""

    az: str
    en: str
    ru: str
    decision_roles: tuple[str, ...]
    political_role: str
    interests: tuple[str, ...] = ()

    def title(self, language: str) -> str:
        return {"az": self.az, "en": self.en, "ru": self.ru}[language]


#: Everybody else at the account reports to the head.
HEAD = Seat("Baş direktor", "Managing Director", "Генеральный директор", ("decision_maker",), "most_powerful")
#: The contact person.
SPECIALIST = Seat(
    *("Satınalma üzrə mütəxəssis", "Procurement Specialist", "Специалист по закупкам"),
    *(("supporter",), "foot_soldier", ("logistika",)),
)
#: Two of these sit at each account.
SENIORS = (
    Seat(
        *("Satınalma şöbəsinin rəhbəri", "Head of Procurement", "Начальник отдела закупок"),
        *(("decision_maker", "supporter"), "rising_star", ("rəqəmsal satınalma",)),
    ),
    Seat("Maliyyə direktoru", "Finance Director", "Финансовый директор", ("influencer",), "fox", ("enerji qənaəti",)),
    Seat(
        *("Baş mühəndis", "Chief Engineer", "Главный инженер"),
        *(("influencer", "supporter"), "fading_star", ("axın ölçmə", "kalibrləmə")),
    ),
)
#: And one of these.
OTHERS = (
    Seat(
        *("İT və avtomatlaşdırma üzrə menecer", "IT and Automation Manager", "Менеджер по ИТ и автоматизации"),
        *(("opponent",), "fox", ("kibertəhlükəsizlik", "SCADA")),
    ),
    Seat(
        *("Keyfiyyətə nəzarət üzrə menecer", "Quality Manager", "Менеджер по качеству"),
        *(("influencer", "opponent"), "foot_soldier", ("standartlar",)),
    ),
)

#: Name and domain without ``.example``.
COMPANIES = (
    ("Xəzər Logistika MMC", "xezer-logistika"),
    ("Şirvan Enerji ASC", "shirvan-enerji"),
    ("Qafqaz Qida Sənayesi MMC", "qafqaz-qida"),
    ("Kür Su Təchizatı ASC", "kur-su"),
    ("Neftçala Aqro MMC", "neftchala-aqro"),
    ("Hirkan Kimya ASC", "hirkan-kimya"),
)
#: Some of whose people write English.
INTERNATIONAL = (
    ("Caspian Drilling Services Ltd", "caspian-drilling"),
    ("Silk Way Terminals Ltd", "silkway-terminals"),
    ("Absheron Offshore Ltd", "absheron-offshore"),
)
#: Business partners that are no key account.
OTHER_COMPANIES = (
    ("Ofis Dünyası MMC", "ofis-dunyasi"),
    ("Bakı Çap Evi", "bakichap"),
    ("Sürət Kuryer", "suretkuryer"),
    ("Anadolu Otomasyon", "anadolu-otomasyon"),
    ("Baltic Sensors OÜ", "balticsensors"),
    ("Nəqliyyat Plus", "neqliyyatplus"),
)

WOMEN = ("Nigar", "Aysel", "Günel", "Səbinə", "Şəhla", "Gülnarə", "Röya", "Könül", "Lalə", "Zümrüd", "Fidan", "Ülviyyə")
MEN = (
    "Elçin",
    "Rəşad",
    "Orxan",
    "Tural",
    "Vüqar",
    "Fərid",
    "Ceyhun",
    "İlqar",
    "Murad",
    "Kənan",
    "Samir",
    "Şahin",
    "Anar",
)
#: How letters in Russian spell those who may be our second manager.
MEN_IN_RUSSIAN: Mapping[str, str] = {
    "Elçin": "Эльчин",
    "Rəşad": "Рашад",
    "Orxan": "Орхан",
    "Tural": "Турал",
    "Vüqar": "Вугар",
    "Fərid": "Фарид",
    "Ceyhun": "Джейхун",
    "İlqar": "Ильгар",
    "Murad": "Мурад",
    "Kənan": "Кянан",
    "Samir": "Самир",
    "Şahin": "Шахин",
}
#: Surnames of men; a woman's has an ``a`` after it.
SURNAMES = (
    *("Məmmədov", "Hüseynov", "Quliyev", "Həsənov", "İsmayılov", "Cəfərov", "Şükürov", "Ağayev", "Rəhimov"),
    *("Vəliyev", "Mustafayev", "Əhmədov", "Səfərov", "Nəcəfov", "Qasımov", "Babayev", "Kərimov", "Abbasov"),
)
#: Name, and how a letter begins.
RUSSIANS = (
    ("Сергей Кузнецов", "Сергей Петрович"),
    ("Ольга Соловьёва", "Ольга Николаевна"),
    ("Дмитрий Яковлев", "Дмитрий Андреевич"),
    ("Наталья Цветкова", "Наталья Викторовна"),
    ("Игорь Щербаков", "Игорь Львович"),
    ("Марина Гаджиева", "Марина Эльдаровна"),
    ("Виктор Фёдоров", "Виктор Михайлович"),
)
#: Name, and how a letter begins.
ENGLISH = (
    ("Peter Whitfield", "Peter"),
    ("Fiona MacDonald", "Fiona"),
    ("James Carter", "James"),
    ("Margaret Hughes", "Margaret"),
    ("Daniel Okafor", "Daniel"),
    ("Sarah Lindqvist", "Sarah"),
    ("Oliver Turner", "Oliver"),
)

#: What we sell, by language.
PRODUCTS: tuple[Mapping[str, str], ...] = tuple(
    {"az": az, "en": en, "ru": ru}
    for az, en, ru in (
        ("FM-200 axın ölçən", "FM-200 flow meter", "расходомер FM-200"),
        ("TS-14 temperatur sensoru", "TS-14 temperature sensor", "датчик температуры TS-14"),
        ("LX-30 səviyyə ölçən", "LX-30 level gauge", "уровнемер LX-30"),
        ("PG-7 təzyiq ötürücüsü", "PG-7 pressure transmitter", "датчик давления PG-7"),
        ("GW-5 telemetriya modulu", "GW-5 telemetry module", "модуль телеметрии GW-5"),
        ("VB-90 vibrasiya monitoru", "VB-90 vibration monitor", "монитор вибрации VB-90"),
        ("QA-3 qaz analizatoru", "QA-3 gas analyser", "газоанализатор QA-3"),
        ("EM-12 enerji sayğacı", "EM-12 energy meter", "счётчик энергии EM-12"),
    )
)

#: Where our instruments stand, by language.
SITES: tuple[Mapping[str, str], ...] = tuple(
    {"az": az, "en": en, "ru": ru}
    for az, en, ru in (
        ("2 saylı nasos stansiyası", "pump station 2", "насосная станция № 2"),
        ("Sumqayıt anbarı", "the Sumgayit warehouse", "склад Сумгаит"),
        ("Ələt terminalı", "the Alat terminal", "терминал Алят"),
        ("Qaradağ sexi", "the Garadagh workshop", "цех Карадаг"),
        ("mərkəzi qazanxana", "the central boiler house", "центральная котельная"),
        ("Gəncə filialı", "the Ganja branch", "филиал Гянджа"),
    )
)
