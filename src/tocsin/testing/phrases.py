"""The words planted worlds are made of: invented sources and events in four languages, with their forms.

Templates use a small markup: ``<…>`` is the cue, ``[…]`` the content, ``~…~`` a hedge, ``^`` makes the next
letter a capital, ``{S}`` the source (``{S:gen}`` in a case), ``{,}`` a comma that closes the source where it
needs one, ``{V}`` the verb in agreement with the source, ``{E}`` an event, ``{N}`` the event nominalised
(Kazakh), ``{t}`` a time and ``{p}`` a place with its preposition. Grammar is data: nothing is inflected.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from tocsin.model import Certainty, SourceKind

__all__ = ["LANGUAGES", "PHRASES", "PLACES", "Event", "Phrases", "Place", "Source", "Template"]

P, O, U, N, C, D, M = (  # noqa: E741  the initials of the kinds, as in the tables below
    SourceKind.PERSON,
    SourceKind.ORGANISATION,
    SourceKind.OFFICIAL,
    SourceKind.ANONYMOUS,
    SourceKind.CROWD,
    SourceKind.DOCUMENT,
    SourceKind.MEDIA,
)
_SPEAKERS = frozenset({P, O, U, N, C, M})
_VOICES = frozenset({P, O, U, C})
_HOLDERS = frozenset({O, N, M})


@dataclass(frozen=True, slots=True)
class Place:
    """A real city: country (ISO 3166-1 alpha-2) and WGS 84 degrees."""

    name: str
    country: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True)
class Source:
    """An invented source. ``agreement`` is m, f, n or p; ``comma``: a participial phrase must be closed."""

    kind: SourceKind
    agreement: str
    nom: str
    gen: str = ""
    other: str = ""  # the case its document template asks for
    comma: bool = False


@dataclass(frozen=True, slots=True)
class Event:
    """One event, plain and hedged; ``nominal`` forms where the language needs them after its verb."""

    plain: str
    hedged: str
    certainty: Certainty
    future: bool = False
    nominal: str = ""
    nominal_hedged: str = ""


@dataclass(frozen=True, slots=True)
class Template:
    """One way to attribute, for the source kinds it suits."""

    text: str
    kinds: frozenset[SourceKind] = _SPEAKERS


@dataclass(frozen=True, slots=True)
class Phrases:
    """Everything of one language.

    ``places`` are (words before, the place's own word) in the locative sense, in the order of ``PLACES``;
    ``times`` map a time rule to (words before, the expression); dates hold ``{d}``, ``{m}`` and ``{y}``.
    ``outer`` attributes a whole ``inner`` clause: a chain.
    """

    sources: tuple[Source, ...]
    events: tuple[Event, ...]
    templates: tuple[Template, ...]
    outer: str
    inner: str
    verbs: tuple[dict[str, str], ...]
    places: tuple[tuple[str, str], ...]
    months: tuple[str, ...]
    times: dict[str, tuple[str, str]]
    noise: tuple[str, ...] = field(default=())


PLACES: tuple[Place, ...] = (
    Place("Almaty", "KZ", 43.25249, 76.9115),
    Place("Shymkent", "KZ", 42.3, 69.6),
    Place("Astana", "KZ", 51.1801, 71.446),
    Place("Turkistan", "KZ", 43.29733, 68.25175),
    Place("Tashkent", "UZ", 41.26465, 69.21627),
    Place("Lviv", "UA", 49.83826, 24.02324),
    Place("Odesa", "UA", 46.48572, 30.74383),
    Place("Kyiv", "UA", 50.45466, 30.5238),
    Place("Kazan", "RU", 55.78874, 49.12214),
    Place("Novosibirsk", "RU", 55.0415, 82.9346),
)

_PR, _PS = Certainty.PROBABLE, Certainty.POSSIBLE

_ENGLISH = Phrases(
    sources=(
        Source(P, "m", "festival director Peter Samovar"),
        Source(P, "f", "engineer Zoya Arrow"),
        Source(O, "n", "the Guild of Paper Lights"),
        Source(O, "n", "the Regatta Committee"),
        Source(U, "m", "an unnamed official"),
        Source(N, "p", "sources close to the festival office"),
        Source(C, "p", "many residents"),
        Source(M, "n", "the Morning Pretzel newspaper"),
        Source(D, "n", "festival order no. 14"),
    ),
    events=(
        Event("forty lanterns disappeared {p} {t}", "forty lanterns ~may~ have disappeared {p} {t}", _PS),
        Event(
            "a wooden camel rolled down a hill {p} {t}",
            "a wooden camel ~probably~ rolled down a hill {p} {t}",
            _PR,
        ),
        Event(
            "the tower clock ran backwards {p} {t}", "the tower clock ~possibly~ ran backwards {p} {t}", _PS
        ),
        Event("a giant duck was seen {p} {t}", "a giant duck ~may~ have been seen {p} {t}", _PS),
        Event(
            "the lantern festival will open {p} {t}",
            "the lantern festival will ~probably~ open {p} {t}",
            _PR,
            future=True,
        ),
        Event(
            "the singing stone will fall silent {p} {t}",
            "the singing stone ~may~ fall silent {p} {t}",
            _PS,
            future=True,
        ),
    ),
    templates=(
        Template("{S} <{V}> that [{E}]."),
        Template("<According to> {S}, [{E}].", _SPEAKERS | {D}),
        Template("[{E}], {S} <{V}>."),
        Template("“^[{E}],” {S} <said>.", _VOICES),
    ),
    outer="{S} <said> that [{E}].",
    inner="{S} <reported> that [{E}]",
    verbs=(dict.fromkeys("mfnp", "said"), dict.fromkeys("mfnp", "reported")),
    places=tuple(("in ", place.name) for place in PLACES),
    months=(
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
    times={
        "yesterday": ("", "yesterday"),
        "days ago": ("", "three days ago"),
        "last week": ("", "last week"),
        "tomorrow": ("", "tomorrow"),
        "in days": ("", "in three days"),
        "next week": ("", "next week"),
        "date": ("on ", "{m} {d}"),
        "full date": ("on ", "{m} {d}, {y}"),
    },
    noise=("Good morning, steppe!", "New stickers are here", "Subscribe and send us your photos"),
)

_RUSSIAN = Phrases(
    sources=(
        Source(P, "m", "директор фестиваля Пётр Самоварцев", "директора фестиваля Петра Самоварцева"),
        Source(P, "f", "инженер Василиса Калачёва", "инженера Василисы Калачёвой"),
        Source(O, "f", "Гильдия бумажных огней", "Гильдии бумажных огней"),
        Source(O, "n", "Бюро пряничных маршрутов", "Бюро пряничных маршрутов"),
        Source(U, "m", "неназванный чиновник", "неназванного чиновника"),
        Source(N, "m", "источник, знакомый с ситуацией", "источника, знакомого с ситуацией", comma=True),
        Source(N, "p", "источники, близкие к дирекции", "источников, близких к дирекции", comma=True),
        Source(C, "p", "многие жители", "многих жителей"),
        Source(M, "f", "газета «Утренний Крендель»", "газеты «Утренний Крендель»"),
        Source(D, "m", "приказ № 14", "приказа № 14", "приказу № 14"),
    ),
    events=(
        Event("{t} {p} пропали сорок фонарей", "{t} {p}, ~вероятно~, пропали сорок фонарей", _PR),
        Event(
            "{t} {p} с горки скатился деревянный верблюд",
            "{t} {p} с горки, ~возможно~, скатился деревянный верблюд",
            _PS,
        ),
        Event("{t} {p} башенные часы шли назад", "{t} {p} башенные часы, ~возможно~, шли назад", _PS),
        Event("{t} {p} видели гигантскую утку", "{t} {p} ~могли~ видеть гигантскую утку", _PS),
        Event(
            "{t} {p} откроется фестиваль фонарей",
            "{t} {p}, ~вероятно~, откроется фестиваль фонарей",
            _PR,
            future=True,
        ),
        Event("{t} {p} замолчит поющий камень", "{t} {p} ~может~ замолчать поющий камень", _PS, future=True),
    ),
    templates=(
        Template("{S}{,} <{V}>, что [{E}]."),
        Template("<По словам> {S:gen}, [{E}].", frozenset({P, U, N, C})),
        Template("<По данным> {S:gen}, [{E}].", _HOLDERS),
        Template("[{E}], — <{V}> {S}."),
        Template("«^[{E}]», — <{V}> {S}.", _VOICES),
        Template("<Согласно> {S:other}, [{E}].", frozenset({D})),
    ),
    outer="{S}{,} <{V}>, что [{E}].",
    inner="{S}{,} <{V}>, что [{E}]",
    verbs=(
        {"m": "сообщил", "f": "сообщила", "n": "сообщило", "p": "сообщили"},
        {"m": "заявил", "f": "заявила", "n": "заявило", "p": "заявили"},
    ),
    places=(
        ("в ", "Алматы"),
        ("в ", "Шымкенте"),
        ("в ", "Астане"),
        ("в ", "Туркестане"),
        ("в ", "Ташкенте"),
        ("во ", "Львове"),
        ("в ", "Одессе"),
        ("в ", "Киеве"),
        ("в ", "Казани"),
        ("в ", "Новосибирске"),
    ),
    months=(
        "января",
        "февраля",
        "марта",
        "апреля",
        "мая",
        "июня",
        "июля",
        "августа",
        "сентября",
        "октября",
        "ноября",
        "декабря",
    ),
    times={
        "yesterday": ("", "вчера"),
        "days ago": ("", "три дня назад"),
        "last week": ("", "на прошлой неделе"),
        "tomorrow": ("", "завтра"),
        "in days": ("", "через три дня"),
        "next week": ("", "на следующей неделе"),
        "date": ("", "{d} {m}"),
        "full date": ("", "{d} {m} {y} года"),
    },
    noise=("Доброе утро, друзья!", "Новые наклейки уже здесь", "Подписывайтесь и шлите фотографии"),
)

_UKRAINIAN = Phrases(
    sources=(
        Source(P, "m", "директор фестивалю Остап Ліхтаренко", "директора фестивалю Остапа Ліхтаренка"),
        Source(P, "f", "інженерка Зоряна Стрілкова", "інженерки Зоряни Стрілкової"),
        Source(O, "f", "Гільдія паперових вогнів", "Гільдії паперових вогнів"),
        Source(O, "n", "Товариство вежових годинників", "Товариства вежових годинників"),
        Source(U, "m", "неназваний посадовець", "неназваного посадовця"),
        Source(N, "p", "джерела, близькі до дирекції", "джерел, близьких до дирекції", comma=True),
        Source(C, "p", "місцеві жителі", "місцевих жителів"),
        Source(M, "f", "газета «Ранковий Бублик»", "газети «Ранковий Бублик»"),
        Source(D, "m", "наказ № 14", "наказу № 14", "наказом № 14"),
    ),
    events=(
        Event("{t} {p} зникли сорок ліхтарів", "{t} {p}, ~ймовірно~, зникли сорок ліхтарів", _PR),
        Event(
            "{t} {p} з гірки скотився дерев'яний верблюд",
            "{t} {p} з гірки, ~можливо~, скотився дерев'яний верблюд",
            _PS,
        ),
        Event("{t} {p} вежовий годинник ішов назад", "{t} {p} вежовий годинник, ~можливо~, ішов назад", _PS),
        Event("{t} {p} бачили гігантську качку", "{t} {p} ~могли~ бачити гігантську качку", _PS),
        Event(
            "{t} {p} відкриється фестиваль ліхтарів",
            "{t} {p}, ~ймовірно~, відкриється фестиваль ліхтарів",
            _PR,
            future=True,
        ),
        Event(
            "{t} {p} замовкне співочий камінь", "{t} {p} ~може~ замовкнути співочий камінь", _PS, future=True
        ),
    ),
    templates=(
        Template("{S}{,} <{V}>, що [{E}]."),
        Template("<За словами> {S:gen}, [{E}].", frozenset({P, U, N, C})),
        Template("<За даними> {S:gen}, [{E}].", _HOLDERS),
        Template("[{E}], — <{V}> {S}."),
        Template("«^[{E}]», — <{V}> {S}.", _VOICES),
        Template("<Згідно з> {S:other}, [{E}].", frozenset({D})),
    ),
    outer="{S}{,} <{V}>, що [{E}].",
    inner="{S}{,} <{V}>, що [{E}]",
    verbs=(
        {"m": "повідомив", "f": "повідомила", "n": "повідомило", "p": "повідомили"},
        {"m": "заявив", "f": "заявила", "n": "заявило", "p": "заявили"},
    ),
    places=(
        ("в ", "Алмати"),
        ("в ", "Шимкенті"),
        ("в ", "Астані"),
        ("в ", "Туркестані"),
        ("в ", "Ташкенті"),
        ("у ", "Львові"),
        ("в ", "Одесі"),
        ("в ", "Києві"),
        ("в ", "Казані"),
        ("в ", "Новосибірську"),
    ),
    months=(
        "січня",
        "лютого",
        "березня",
        "квітня",
        "травня",
        "червня",
        "липня",
        "серпня",
        "вересня",
        "жовтня",
        "листопада",
        "грудня",
    ),
    times={
        "yesterday": ("", "вчора"),
        "days ago": ("", "три дні тому"),
        "last week": ("", "минулого тижня"),
        "tomorrow": ("", "завтра"),
        "in days": ("", "через три дні"),
        "next week": ("", "наступного тижня"),
        "date": ("", "{d} {m}"),
        "full date": ("", "{d} {m} {y} року"),
    },
    noise=("Доброго ранку, друзі!", "Нові наліпки вже тут", "Підписуйтеся й надсилайте світлини"),
)

_KAZAKH = Phrases(
    sources=(
        Source(P, "m", "фестиваль директоры Айсұлу Шамшырақова", "фестиваль директоры Айсұлу Шамшырақованың"),
        Source(P, "m", "инженер Ерден Қармақбаев", "инженер Ерден Қармақбаевтың"),
        Source(O, "m", "Қағаз шамдар гильдиясы", "Қағаз шамдар гильдиясының"),
        Source(O, "m", "Регата комитеті", "Регата комитетінің"),
        Source(U, "m", "аты аталмаған шенеунік", "аты аталмаған шенеуніктің"),
        Source(N, "m", "дирекцияға жақын дереккөздер", "дирекцияға жақын дереккөздердің"),
        Source(C, "m", "көптеген тұрғындар", "көптеген тұрғындардың"),
        Source(M, "m", "«Таңғы Тоқаш» газеті", "«Таңғы Тоқаш» газетінің"),
        Source(D, "m", "№ 14 бұйрық", "№ 14 бұйрықтың", "№ 14 бұйрыққа"),
    ),
    events=(
        Event(
            "{t} {p} қырық шам жоғалған",
            "{t} {p} қырық шам жоғалған болуы ~мүмкін~",
            _PS,
            False,
            "{t} {p} қырық шамның жоғалғанын",
            "{t} {p} қырық шамның жоғалған болуы ~мүмкін~ екенін",
        ),
        Event(
            "{t} {p} ағаш түйе төбеден сырғып кеткен",
            "{t} {p} ағаш түйе төбеден сырғып кеткен болуы ~мүмкін~",
            _PS,
            False,
            "{t} {p} ағаш түйенің төбеден сырғып кеткенін",
            "{t} {p} ағаш түйенің төбеден сырғып кеткен болуы ~мүмкін~ екенін",
        ),
        Event(
            "{t} {p} мұнара сағаты кері жүрген",
            "{t} {p} мұнара сағаты кері жүрген болуы ~мүмкін~",
            _PS,
            False,
            "{t} {p} мұнара сағатының кері жүргенін",
            "{t} {p} мұнара сағатының кері жүрген болуы ~мүмкін~ екенін",
        ),
        Event(
            "{t} {p} алып үйрек көрінген",
            "{t} {p} алып үйрек көрінген болуы ~мүмкін~",
            _PS,
            False,
            "{t} {p} алып үйректің көрінгенін",
            "{t} {p} алып үйректің көрінген болуы ~мүмкін~ екенін",
        ),
        Event(
            "{t} {p} шамдар фестивалі ашылады",
            "{t} {p} шамдар фестивалі ашылуы ~мүмкін~",
            _PS,
            True,
            "{t} {p} шамдар фестивалінің ашылатынын",
            "{t} {p} шамдар фестивалінің ашылуы ~мүмкін~ екенін",
        ),
        Event(
            "{t} {p} әнші тас үнсіз қалады",
            "{t} {p} әнші тас үнсіз қалуы ~мүмкін~",
            _PS,
            True,
            "{t} {p} әнші тастың үнсіз қалатынын",
            "{t} {p} әнші тастың үнсіз қалуы ~мүмкін~ екенін",
        ),
    ),
    templates=(
        Template("{S:gen} <айтуынша>, [{E}]."),
        Template("{S:gen} <мәліметінше>, [{E}].", _HOLDERS),
        Template("{S} [{N}] <{V}>."),
        Template("«^[{E}]», – <деді> {S}.", _VOICES),
        Template("{S:other} <сәйкес>, [{E}].", frozenset({D})),
    ),
    outer="{S:gen} <айтуынша>, [{E}].",
    inner="{S} [{N}] <айтқан>",
    verbs=(dict.fromkeys("mfnp", "айтты"), dict.fromkeys("mfnp", "хабарлады")),
    places=(
        ("", "Алматыда"),
        ("", "Шымкентте"),
        ("", "Астанада"),
        ("", "Түркістанда"),
        ("", "Ташкентте"),
        ("", "Львовта"),
        ("", "Одессада"),
        ("", "Киевте"),
        ("", "Қазанда"),
        ("", "Новосібірде"),
    ),
    months=(
        "қаңтарда",
        "ақпанда",
        "наурызда",
        "сәуірде",
        "мамырда",
        "маусымда",
        "шілдеде",
        "тамызда",
        "қыркүйекте",
        "қазанда",
        "қарашада",
        "желтоқсанда",
    ),
    times={
        "yesterday": ("", "кеше"),
        "days ago": ("", "үш күн бұрын"),
        "last week": ("", "өткен аптада"),
        "tomorrow": ("", "ертең"),
        "in days": ("", "үш күннен кейін"),
        "next week": ("", "келесі аптада"),
        "date": ("", "{d} {m}"),
        "full date": ("", "{y} жылғы {d} {m}"),
    },
    noise=("Қайырлы таң, достар!", "Жаңа жапсырмалар келді", "Жазылыңыздар, суреттеріңізді жіберіңіздер"),
)

#: The phrases of each language.
PHRASES: dict[str, Phrases] = {"en": _ENGLISH, "ru": _RUSSIAN, "uk": _UKRAINIAN, "kk": _KAZAKH}

#: The languages worlds can be made in.
LANGUAGES: tuple[str, ...] = tuple(PHRASES)
