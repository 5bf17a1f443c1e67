"""What is made of spans, whoever found them: certainty, kind, and the words of forecasts and blame."""

from __future__ import annotations

import pytest
from extract_helpers import given, words_of


def read_one(text: str, language: str) -> tuple[str, str, str]:
    """Certainty and kind of the only attribution marked in a text, and its words for when."""
    plain, rows, readings = given(text, language)
    reading = readings[rows[0].attribution_id]
    return reading.certainty, reading.kind, words_of(reading.horizon, plain)


@pytest.mark.parametrize(
    ("text", "language", "certainty", "kind"),
    [
        ("[S:Представитель завода] [Q:подтвердил], [C:что взрыва не было].", "ru", "CT-", "report"),
        ("[S:В управлении дорог] [Q:не подтвердили] [C:обрушение эстакады].", "ru", "Uu", "report"),
        ("[S:Соседка] [Q:не считает], [C:что забор красили].", "ru", "PR-", "report"),
        ("[S:Сторож] [Q:не сомневается], [C:что калитку закрыли].", "ru", "CT+", "report"),
        ("[S:Компания] [Q:отрицает] [C:утечку краски].", "ru", "CT-", "report"),
        ("[S:Очевидцы] [Q:сообщили], [C:что водитель, возможно, уснул].", "ru", "PS+", "report"),
        ("[S:Повар] [Q:объяснил], [C:что дело не в соли, а в муке].", "ru", "CT+", "report"),
        ("[S:Лесник] [Q:сказал], [C:что тропу не чистили хотя бы раз в год].", "ru", "CT-", "report"),
        ("[S:Министр] [Q:сказал], [C:что если дождь не стихнет, шлюз откроют].", "ru", "Uu", "forecast"),
        ("[S:Читатели] [Q:спросили], [C:когда откроют каток].", "ru", "Uu", "report"),
        ("[S:Дежурный] [Q:заявил]: [C:«Не исключено, что рейс задержат»].", "ru", "PS+", "forecast"),
        ("[S:Рибалки] [Q:кажуть], [C:що щуки в ставку не лишилося].", "uk", "CT-", "report"),
        ("[S:Вахтер] [Q:сумнівається], [C:що автобус приїде вчасно].", "uk", "PR-", "forecast"),
        ("[S:Речниця лікарні] [Q:спростувала] [C:чутки про карантин].", "uk", "CT-", "report"),
        ("[S:Кіоскерка] [Q:чула], [C:нібито ринок продали].", "uk", "PS+", "report"),
        ("[S:Пасічник] [Q:каже], [C:що без дощу бджоли не вижили б].", "uk", "Uu", "report"),
        ("[S:Полиция] [C:ұрлық туралы хабарды] [Q:растамады].", "kk", "Uu", "report"),
        ("[S:Ауыл тұрғыны] [C:жолдың жөнделмегенін] [Q:айтты].", "kk", "CT-", "report"),
        ("[S:Көрші] [C:күзетші ұйықтап қалған-мыс] [Q:дейді].", "kk", "PS+", "report"),
        ("[S:Төраға] [C:егер қаржы бөлінсе, көпір салынады] [Q:деді].", "kk", "Uu", "forecast"),
        ("[S:Оқушылар] [C:каникул қашан басталатынын] [Q:сұрады].", "kk", "Uu", "report"),
    ],
)
def test_how_surely(text: str, language: str, certainty: str, kind: str) -> None:
    assert read_one(text, language)[:2] == (certainty, kind)


@pytest.mark.parametrize(
    ("text", "language", "kind"),
    [
        ("[S:Глава посёлка] [Q:заявил]: [C:«Нужно срочно вывезти архив»].", "ru", "advice"),
        ("[S:Глава приюта] [Q:сказала]: [C:«Нам нужны миски и поводки»].", "ru", "report"),
        ("[S:Прокурор] [Q:потребовал], [C:чтобы подрядчик вернул деньги].", "ru", "advice"),
        ("[S:Вахтёрша] [Q:велела] [C:вытирать ноги].", "ru", "advice"),
        ("[S:Вахтёрша] [Q:сказала] [C:вытирать ноги].", "ru", "advice"),
        ("[S:Капитан] [Q:крикнул]: [C:«Держите трос!»].", "ru", "advice"),
        ("[S:Диспетчер] [Q:пояснил], [C:что капитаны должны сдать документы].", "ru", "advice"),
        ("[S:Диспетчер] [Q:пояснил], [C:что баржа должна прийти в четверг].", "ru", "forecast"),
        ("[S:Врач] [Q:сказал], [C:что сыпь может пройти сама].", "ru", "forecast"),
        ("[S:Врач] [Q:сказал], [C:что колено может болеть от сырости].", "ru", "report"),
        ("[S:Инспекторы] [Q:предупредили] [C:о гололёде].", "ru", "forecast"),
        ("[S:Инспекторы] [Q:предупредили], [C:что на трассе лежит дерево].", "ru", "report"),
        ("[S:Мэр] [Q:сообщил], [C:что ворота заперли, потому что завтра привезут слона].", "ru", "report"),
        ("[S:Вокзал] [Q:информирует]: [C:отправление переносится на 3 марта].", "ru", "forecast"),
        ("[S:Пассажирка] [Q:назвала] [C:новый вокзал ужасным].", "ru", "opinion"),
        ("[S:Пассажирка] [Q:назвала] [C:эту новость выдумкой].", "ru", "report"),
        ("[S:Читатели] [Q:подозревают] [C:редактора в плагиате].", "ru", "blame"),
        ("[S:Читатели] [Q:подозревают], [C:что редактор в отпуске].", "ru", "report"),
        ("[S:Начальник станції] [Q:пояснив], [C:що ремонт має завершитися до осені].", "uk", "forecast"),
        ("[S:Директор] [Q:наголосив]: [C:«Не вірте вивісці!»].", "uk", "advice"),
        ("[S:Активісти] [Q:винять] [C:забудовника в нищенні саду].", "uk", "blame"),
        ("[S:Тренер] [Q:пообіцяв] [C:новий м'яч до осені].", "uk", "forecast"),
        ("[S:Експертка] [Q:вважає], [C:що нова клумба незграбна й недолуга].", "uk", "opinion"),
        ("[S:Хор] [Q:запевняє], [C:що співатиме щосуботи].", "uk", "forecast"),
        ("[S:Синоптиктер] [C:сәрсенбіде бұршақ жауады] [Q:деп хабарлады].", "kk", "forecast"),
        ("[S:Ғалымдар] [C:мұздықтың жыл сайын еритінін] [Q:анықтады].", "kk", "report"),
        ("[S:Дәрігер] [C:екпе алуға] [Q:кеңес берді].", "kk", "advice"),
        ("[S:Сарапшының] [Q:пікірінше], [C:жаңа салық әділетсіз].", "kk", "opinion"),
        ("[S:Прокурор] [C:мердігерді ақша жымқырды] [Q:деп айыптады].", "kk", "blame"),
    ],
)
def test_what_kind(text: str, language: str, kind: str) -> None:
    assert read_one(text, language)[1] == kind


def test_bidding_is_left_open() -> None:
    assert read_one("[S:Банк] [Q:просит] [C:не сообщать коды].", "ru")[0] == "Uu"


@pytest.mark.parametrize(
    ("text", "language", "event", "horizon"),
    [
        (
            "[S:Мэр] [Q:пообещал] [C:починить фонтан не позднее среды].",
            "ru",
            "починить фонтан",
            "не позднее среды",
        ),
        (
            "[S:Порт] [Q:сообщил], [C:что в ближайшие двое суток паром не выйдет].",
            "ru",
            "паром не выйдет",
            "в ближайшие двое суток",
        ),
        (
            "[S:Метеорологи] [Q:обещают] [C:снегопад к выходным].",
            "ru",
            "снегопад",
            "к выходным",
        ),
        (
            "[S:Завхоз] [Q:уверен], [C:что учебный год начнут с линейки].",
            "ru",
            "учебный год начнут с линейки",
            "",
        ),
        (
            "[S:Депо] [Q:повідомило], [C:що найближчими днями трамвай, ймовірно, зупинять].",
            "uk",
            "трамвай | зупинять",
            "найближчими днями",
        ),
        (
            "[C:Қойма ай соңына дейін жабылады] [Q:деді] [S:меңгеруші].",
            "kk",
            "Қойма | жабылады",
            "ай соңына дейін",
        ),
    ],
)
def test_what_will_happen_and_when(text: str, language: str, event: str, horizon: str) -> None:
    plain, rows, readings = given(text, language)
    reading = readings[rows[0].attribution_id]
    assert (words_of(reading.event, plain), words_of(reading.horizon, plain)) == (event, horizon)


@pytest.mark.parametrize(
    ("text", "language", "blamed", "deed"),
    [
        ("[S:Гильдия] [Q:обвинила] [C:возчика в потере муки].", "ru", "возчика", "в потере муки"),
        ("[S:Возчик] [Q:свалил] [C:всё на туман].", "ru", "туман", ""),
        ("[S:Тренер] [Q:признал], [C:что в поражении виноват он сам].", "ru", "он сам", "в поражении"),
        ("[S:Селяни] [Q:винять] [C:голову в розтраті].", "uk", "голову", "в розтраті"),
        ("[S:Одақ] [C:кешіккен пойыз үшін депоны] [Q:кінәлады].", "kk", "депоны", "кешіккен пойыз үшін"),
    ],
)
def test_who_is_blamed_and_what_for(text: str, language: str, blamed: str, deed: str) -> None:
    plain, rows, readings = given(text, language)
    reading = readings[rows[0].attribution_id]
    assert (words_of(reading.blamed, plain), words_of(reading.deed, plain)) == (blamed, deed)


def test_a_content_that_only_passes_on_another_is_a_report() -> None:
    inner_one = "[2S:директор зоопарка] [2Q:опасается], [2C:что сова улетит]"
    text = f"[1S:Газета «Лютик»] [1Q:пишет], [1C:что {inner_one}]."
    _, rows, readings = given(text, "ru")
    outer, inner = (readings[row.attribution_id] for row in rows)
    assert (outer.kind, outer.certainty) == ("report", "CT+")
    assert (inner.kind, inner.certainty) == ("forecast", "PR+")


def test_who_passes_on_the_very_words_is_read_as_the_inner_one() -> None:
    text = "[1S:«Лютик»] [2Q:со ссылкой на] [2S:сторожа] [1Q:сообщает], [1C:[2C:что сова, вероятно, улетит]]."
    _, rows, readings = given(text, "ru")
    kinds = {row.source_kind: readings[row.attribution_id] for row in rows}
    assert set(kinds) == {"media", "anonymous"}
    assert {(r.kind, r.certainty) for r in kinds.values()} == {("forecast", "PR+")}
    inner = next(row for row in rows if row.source_kind == "anonymous")
    outer = next(row for row in rows if row.source_kind == "media")
    assert inner.parent_id == outer.attribution_id


def test_the_reporters_doubt_between_source_and_cue_counts() -> None:
    assert read_one("[S:Сторож], по-видимому, [Q:сказал], [C:что сова спит].", "ru")[0] == "PR+"


def test_outer_links_do_not_weaken_other_words() -> None:
    text = "[1S:Смотритель] [1Q:предполагает], [1C:что [2S:сторож] [2Q:видел], [2C:как сова улетела]]."
    _, rows, readings = given(text, "ru")
    assert [readings[row.attribution_id].certainty for row in rows] == ["PR+", "CT+"]


@pytest.mark.parametrize(
    ("text", "language", "certainty", "kind", "horizon"),
    [
        ("[S:Ревизор] [Q:установил], [C:что кладовщик присвоил мешки].", "ru", "CT+", "blame", ""),
        ("[S:Рецензент] [Q:пишет], [C:что роман скучен].", "ru", "CT+", "opinion", ""),
        ("[S:Сосед] [Q:считает] [C:забор лишним].", "ru", "PR+", "opinion", ""),
        ("[S:Сосед] [Q:считает], [C:что забор поставил завхоз].", "ru", "PR+", "report", ""),
        (
            "[S:Сад] [Q:сообщил], [C:что скамейки вернут до заморозков].",
            "ru",
            "CT+",
            "forecast",
            "до заморозков",
        ),
        (
            "[S:Әкім] [C:бір айдан кейін мектеп ашылатынын] [Q:айтты].",
            "kk",
            "CT+",
            "forecast",
            "бір айдан кейін",
        ),
        ("[S:Мерген] [C:жаңбыр жаумайтын шығар] [Q:деді].", "kk", "PR-", "forecast", ""),
        (
            "[S:Аңшы] [C:жұлдыз апта соңына дейін көрінеді] [Q:деді].",
            "kk",
            "CT+",
            "forecast",
            "апта соңына дейін",
        ),
    ],
)
def test_statements_and_when(text: str, language: str, certainty: str, kind: str, horizon: str) -> None:
    assert read_one(text, language) == (certainty, kind, horizon)
