"""Answers for the words that reading looks for, in the languages of the house; data and their folding, no judgement.

General knowledge of the field, written once in proper spelling. ``fold`` brings list and text to one form, so that
what is typed without its letters ("mezuniyyet") is found too. Within a list each language has lines of its own.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

# Letters that Unicode does not take apart into a base letter and a mark.
_PLAIN = str.maketrans({"ə": "e", "ı": "i", "ø": "o", "ł": "l", "’": "'", "‘": "'", "\u00a0": " "})


def fold(text: str) -> str:
    """Lower case without diacritics: ə and e, ı İ and i, ş and s, ё and е are the same letter after it.

    The length may change; positions in the folded text say nothing about the original.
    """
    if text.isascii():
        return text.lower()
    apart = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter)).translate(_PLAIN)


def any_of(phrases: Iterable[str]) -> str:
    """A pattern for folded text that finds any of the phrases, the longest first; blanks stand for any white space."""
    folded = sorted({fold(phrase) for phrase in phrases}, key=lambda phrase: (-len(phrase), phrase))
    return "(?:" + "|".join(re.escape(phrase).replace(r"\ ", r"\s+") for phrase in folded) + ")"


def _listed(text: str) -> frozenset[str]:
    """The words of ``text``, folded."""
    return frozenset(fold(text).split())


#: How programs begin the subject of an automatic answer. Outlook and Exchange in the languages of our users first.
AUTO_REPLY_SUBJECTS = (
    *("automatic reply", "auto reply", "auto-reply", "autoreply", "automated reply", "automated response"),
    *("auto response", "auto-response", "autoresponse", "automatic response", "out of office autoreply"),
    *("out of office auto-reply", "vacation reply", "vacation response"),
    *("avtomatik cavab", "avtomatik cavab məktubu", "avto cavab", "avtocavab"),
    *("автоответ", "автоматический ответ", "автоматическое уведомление об отсутствии"),
    *("otomatik yanıt", "otomatik cevap", "otomatik mesaj"),
    *("automatische antwort", "abwesenheitsnotiz", "automatische abwesenheitsnotiz"),
    *("réponse automatique", "respuesta automática", "risposta automatica", "odpowiedź automatyczna"),
)

#: What people and programs say of an absence; a person may say it too, so it never decides alone.
ABSENCE = (
    *("out of office", "out of the office", "away from the office", "away from my desk", "on annual leave"),
    *("on vacation", "on holiday", "on maternity leave", "on parental leave", "on sick leave", "on leave until"),
    *("məzuniyyətdəyəm", "məzuniyyətdə olacağam", "məzuniyyətdə oluram", "ofisdə deyiləm", "ofisdən kənardayam"),
    *("ezamiyyətdəyəm", "ezamiyyətdə olacağam", "iş yerində deyiləm", "iş yerində olmayacağam"),
    *("в отпуске", "вне офиса", "нет на работе", "отсутствую на рабочем месте", "нахожусь в командировке"),
    *("в декретном отпуске", "на больничном", "отсутствие на работе"),
    *("ofis dışında", "ofiste değilim", "izindeyim", "izinde olacağım", "yıllık izin", "tatildeyim"),
    *("abwesenheit", "abwesend", "nicht im büro", "im urlaub", "nicht am arbeitsplatz"),
)

#: How mail systems begin the subject of a message about a delivery that failed or is late.
BOUNCE_SUBJECTS = (
    *("undeliverable", "undelivered mail", "delivery status notification", "mail delivery failed", "delivery failure"),
    *("mail delivery failure", "mail delivery system", "returned mail", "failure notice", "delivery has failed"),
    *("message delivery failure", "delivery delayed", "message delayed", "warning: message", "mail delivery error"),
    *(
        "could not send message",
        "undelivered message",
        "delivery notification",
        "non-delivery report",
        "mail could not",
    ),
    *("çatdırılmadı", "çatdırıla bilmədi", "məktub çatdırılmadı"),
    *("недоставлено", "недоставленное", "не доставлено", "не удалось доставить", "сообщение не доставлено"),
    *("не удается доставить", "ошибка доставки"),
    *("teslim edilemedi", "iletilemedi", "teslim edilemeyen"),
    *("unzustellbar", "unzustellbare nachricht", "nicht zustellbar"),
    *("non remis", "no se puede entregar", "impossibile recapitare"),
)

#: How the text of such a message begins or what it always says.
BOUNCE_TEXTS = (
    *("message was created automatically by mail delivery", "this is the qmail-send program"),
    *("could not be delivered to", "could not be delivered to one or more", "delivery has failed to these recipients"),
    *("your message wasn't delivered", "your message was not delivered", "delivery to the following recipient"),
    *("this is the mail system at host", "the following addresses had permanent fatal errors"),
    *("unable to deliver your message", "undeliverable address", "address couldn't be found"),
    *("çatdırıla bilmədi", "не удалось доставить", "не может быть доставлено", "teslim edilemedi"),
    *("konnte nicht zugestellt werden", "konnten nicht zugestellt werden"),
)

#: How mail programs begin the subject of a read receipt.
RECEIPT_SUBJECTS = (
    *("read", "not read", "read receipt", "return receipt (displayed)", "return receipt"),
    *("oxundu", "oxunmadı", "прочтено", "прочитано", "не прочитано", "okundu", "okunmadı", "gelesen", "ungelesen"),
)

#: What stands above the items of an agenda.
AGENDA_HEADINGS = (
    *("agenda", "meeting agenda", "proposed agenda", "topics", "discussion points", "points to discuss", "to discuss"),
    *("gündəm", "gündəlik", "görüşün gündəliyi", "iclasın gündəliyi", "görüşün gündəmi", "mövzular"),
    *("müzakirə mövzuları", "müzakirə olunacaq məsələlər", "müzakirə olunacaq mövzular", "məsələlər"),
    *("повестка", "повестка дня", "повестка встречи", "темы", "темы встречи", "вопросы", "вопросы для обсуждения"),
    *("план встречи", "gündem", "gündem maddeleri", "toplantı gündemi", "konular", "görüşülecek konular"),
    "tagesordnung",
)

#: How the lines begin that online meeting services write into an invitation.
JOIN_LINES = (
    *("microsoft teams meeting", "microsoft teams need help", "microsoft teams", "join the meeting", "join on your"),
    *("join microsoft teams", "click here to join", "meeting id", "passcode", "password", "dial in", "dial-in"),
    *(
        "phone conference id",
        "find a local number",
        "find your local number",
        "one tap mobile",
        "learn more",
        "need help",
    ),
    *("join zoom meeting", "zoom meeting", "join with google meet", "google meet joining info", "join by phone"),
    *("join from the meeting link", "join by meeting number", "meeting options", "reset dial-in pin", "for organizers"),
    *("or dial", "more phone numbers", "video call link", "join webex", "webex"),
    *("iclasa qoşul", "görüşə qoşul", "toplantıya qoşul", "iclasın identifikatoru", "giriş kodu"),
    *("присоединиться", "подключиться", "идентификатор собрания", "идентификатор конференции", "код доступа"),
    *("секретный код", "войти zoom", "собрание microsoft teams", "пароль"),
    *("toplantıya katıl", "toplantıya şimdi katıl", "toplantı kimliği", "geçiş kodu", "parola"),
)

#: Whose everyday words they are, folded; the empty key stands for languages that we do not write.
COMMON_WORDS: dict[str, frozenset[str]] = {
    "az": _listed(
        "salam necesiz necesen necesiniz ucun hormetle hormetli xahis zehmet sabahiniz gorus gorusu gorusde mektub "
        "mektubu men menim mene meni sen sene olar olacaq ederem edirem edirik edin edek ediriz var yox beli ki kimi "
        "qeder hansi nece indi artiq bele onda lazimdir minnetdaram gonderirem gonderirik gonderdim gondermisem deyil "
        "haqqinda barede bagli hefte cox mesele meselesi muqavile sened senedler sabah dunen bugun zeng zengi oldu "
        "vaxt vaxti xeyir gozleyirik gozleyirem ola bilmek bilersiz bilersiniz bilerik bilerikmi eger her amma lakin "
        "qiymet teklif teklifi iclas cavab cavabi sagol sagolun"
    ),
    "tr": _listed(
        "merhaba icin degil cok ben benim bana beni sana sayin saygilarimla saygilar lutfen nasilsiniz nasilsin evet "
        "hayir sey kadar gibi nasil simdi olarak gerekiyor ediyorum ediyoruz ederim ederiz olacak yok ama hangi "
        "toplanti toplantiyi rica iyi calismalar tarihinde hakkinda gonderiyorum gonderdim tesekkurler gunaydin "
        "misiniz musunuz bilgi bilginize ekte sozlesme fiyat teklifi hafta haftaya yarin dun bugun eger fakat belge "
        "belgeler mumkun olur olursa lazim var oldu"
    ),
    "en": _listed(
        "the and is are was you your we our us to of for in on with this that these please thanks thank regards hi "
        "hello dear will would have has be been it its from as at can could not if or by let me my i am do does best "
        "about any all week meeting attached"
    ),
    "": _listed(
        "und der die das ist wir nicht mit fur auf ein eine sie ich von zu den dem sehr geehrte bitte le la les des "
        "est vous nous pour dans avec une sur merci bonjour el los las que por para con una gracias hola il che per "
        "di sono grazie ciao buongiorno"
    ),
}

#: How a meeting's subject or place names a meal or a talk on the telephone: beginnings of words.
MEAL_STEMS = (
    *("lunch", "dinner", "breakfast", "brunch", "restaurant"),
    *("nahar", "şam yeməyi", "səhər yeməyi", "yemək", "yeməy", "restoran"),
    *("обед", "ужин", "завтрак", "ресторан", "öğle yemeği", "akşam yemeği", "yemeğ", "kahvaltı"),
)
CALL_STEMS = (
    *("phone", "telephone", "teleconference", "conference call"),
    *("zəng", "telefon", "звонок", "звонк", "созвон", "телефон"),
)

#: Entries of a calendar that bring nobody together: absence and travel.
OTHER_STEMS = (
    *("vacation", "annual leave", "out of office", "holiday", "birthday", "flight", "business trip"),
    *("məzuniyyət", "ezamiyyət", "ad günü", "uçuş", "bayram"),
    *("отпуск", "командировк", "день рождения", "рейс", "перелет", "праздник"),
    *("yıllık izin", "tatil", "doğum günü", "seyahat"),
)
