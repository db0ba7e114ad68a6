"""The pylint plugin, run by the real pylint."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests import hosts
from tests.hosts import BAD, BAD_VALUES, ODD, Place, pylint, pylint_lines, pylint_places
from tests.support import unmark
from tf2lint.check.registry import registry, rules
from tf2lint.settings import settings_of

PLACE = Place("bad.py", 3, 9, "TF101")


def test_by_path(here: Path) -> None:
    done = pylint("bad.py", cwd=here)
    assert done.stderr == ""
    [line] = pylint_lines(done.stdout)
    assert line.place == PLACE
    assert line.end == (3, 29)
    assert line.symbol == "tf1-summary-merge-all"
    assert (line.obj, line.confidence) == ("", "HIGH")
    assert line.message.startswith("`tf.summary.merge_all` was removed in TF 2. ")
    assert done.returncode == 4  # pylint: a warning was issued


def test_next_to_the_other_checkers(here: Path) -> None:
    done = hosts.run("pylint", "--load-plugins=pylint_tf2", "bad.py", cwd=here)
    assert "W7101: `tf.summary.merge_all`" in done.stdout
    assert "missing-module-docstring" in done.stdout


def test_unknown_receivers_have_the_confidence_of_a_guess(here: Path) -> None:
    (here / "bad.py").write_text(
        "import tensorflow as tf\n\n\ndef write(writer, summary):\n"
        "    writer.add_summary(summary, tf.constant(1))\n"
    )
    lines = pylint_lines(pylint("bad.py", cwd=here).stdout)
    assert [(line.symbol, line.confidence) for line in lines] == [
        ("tf1-summary-add-summary", "INFERENCE_FAILURE")
    ]
    assert pylint_lines(pylint("--confidence=HIGH", "bad.py", cwd=here).stdout) == []


@pytest.mark.parametrize("name", ["bad.py", "no/such/folder/shown.py"])
def test_by_stdin(here: Path, name: str) -> None:
    done = pylint("--from-stdin", name, cwd=here, stdin=BAD.encode())
    assert done.stderr == ""
    assert pylint_places(done.stdout) == [PLACE._replace(path=name)]


def test_stdin_name_is_the_place_of_neighbours(here: Path) -> None:
    package = here / "pkg"
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "compat.py").write_text("import tensorflow.compat.v1 as tf\n")
    (package / "user.py").write_text("")
    text = b"from .compat import tf\n\ntf.summary.merge_all()\n"
    done = pylint("--from-stdin", "pkg/user.py", cwd=here, stdin=text)
    assert pylint_places(done.stdout) == [Place("pkg/user.py", 3, 0, "TF101")]


# What pylint makes of a message.

NESTED = """\
import tensorflow as tf


def outer(flag, default=tf.summary.merge_all()):
    def inner():
        return tf.summary.merge_all()

    class Local:
        attribute = tf.summary.merge_all()

        @staticmethod
        def method():
            try:
                with flag:
                    tf.summary.merge_all()
            except ValueError:
                tf.summary.merge_all()

    match flag:
        case 1:
            def late():
                tf.summary.merge_all()
    return lambda: tf.summary.merge_all()


@decorator(tf.summary.merge_all())
def decorated():
    pass


tf.summary.merge_all()
"""
NESTED_PLACES = [
    (4, 24, "outer"),
    (6, 15, "outer.inner"),
    (9, 20, "outer.Local"),
    (15, 20, "outer.Local.method"),
    (17, 16, "outer.Local.method"),
    (22, 16, "outer.late"),
    (23, 19, "outer"),
    (26, 11, ""),
    (31, 0, ""),
]


def test_obj_is_the_function_or_class_around(here: Path) -> None:
    (here / "nested.py").write_text(NESTED)
    lines = pylint_lines(pylint("nested.py", cwd=here).stdout)
    assert [(line.place.line, line.place.column, line.obj) for line in lines] == NESTED_PLACES


def test_json2(here: Path) -> None:
    (here / "nested.py").write_text(NESTED)
    done = pylint("nested.py", cwd=here)
    messages = json.loads(done.stdout)["messages"]
    assert [(m["line"], m["column"], m["obj"]) for m in messages] == NESTED_PLACES
    first = messages[0]
    assert (first["endLine"], first["endColumn"]) == (4, 44)
    assert (first["messageId"], first["symbol"]) == ("W7101", "tf1-summary-merge-all")
    assert first["type"] == "warning"


def test_parseable(here: Path) -> None:
    done = hosts.run(
        "pylint", "--load-plugins=pylint_tf2", "--disable=all", "--enable=tf1-summary-merge-all",
        "--score=n", "--output-format=parseable", "bad.py", cwd=here,
    )  # fmt: skip
    assert "bad.py:3: [W7101(tf1-summary-merge-all), ] `tf.summary.merge_all` was" in done.stdout


PRAGMAS = """\
# pylint: disable=useless-suppression
import tensorflow as tf

tf.summary.merge_all()  # pylint: disable=tf1-summary-merge-all
tf.summary.merge_all()  # pylint: disable=W7101
tf.summary.merge_all()  # reported
# pylint: disable-next=tf1-summary-merge-all
tf.summary.merge_all()


def block(flag):
    if flag:
        # pylint: disable=tf1-summary-merge-all
        tf.summary.merge_all()
    else:
        tf.summary.merge_all()  # reported
    for _ in flag:  # pylint: disable=tf1-summary-merge-all
        tf.summary.merge_all()  # reported
    tf.summary.merge_all()  # reported


def quiet():
    # pylint: disable=tf1-summary-merge-all
    tf.summary.merge_all()

    def inner():
        tf.summary.merge_all()
        # pylint: enable=tf1-summary-merge-all
        tf.summary.merge_all()  # reported

    return inner


tf.summary.merge_all()  # reported
"""


def test_pragmas_end_with_their_block(here: Path) -> None:
    (here / "pragmas.py").write_text(PRAGMAS)
    places = pylint_places(pylint("pragmas.py", cwd=here).stdout)
    wanted = [number for number, line in enumerate(PRAGMAS.splitlines(), 1) if "# reported" in line]
    assert [place.line for place in places] == wanted


def test_a_suppression_that_is_used_is_not_called_useless(here: Path) -> None:
    (here / "used.py").write_text(
        "import tensorflow as tf\n\ntf.Session()\n"
        "tf.summary.merge_all()  # pylint: disable=tf1-summary-merge-all\n"
    )
    done = hosts.run(
        "pylint", "--load-plugins=pylint_tf2", "--disable=all", "--score=n",
        "--enable=useless-suppression,tf1-summary-merge-all", "used.py", cwd=here,
    )  # fmt: skip
    assert done.stdout == ""


def test_a_file_can_be_skipped(here: Path) -> None:
    (here / "bad.py").write_text("# pylint: disable=tf1-summary-merge-all\n" + BAD)
    assert pylint_lines(pylint("bad.py", cwd=here).stdout) == []


def test_every_rule_is_a_message(here: Path) -> None:
    done = hosts.run("pylint", "--load-plugins=pylint_tf2", "--list-msgs", cwd=here)
    listed = [
        rule for rule in rules() if f":{rule.pylint_symbol} ({rule.pylint_id})" in done.stdout
    ]
    assert listed == rules()
    for prefix in {rule.code[:3] for rule in rules()}:
        assert registry().families[prefix]


def test_one_word_for_all_messages(here: Path) -> None:
    (here / "two.py").write_text("import tensorflow as tf\n\ntf.Session()\n")
    names = ["bad.py", "two.py"]
    plugin = ["--load-plugins=pylint_tf2", "--score=n", "--output-format=json2"]
    done = hosts.run("pylint", *plugin, "--disable=all", "--enable=tf2lint", *names, cwd=here)
    assert [p.code for p in pylint_places(done.stdout)] == ["TF101", "TF601"]
    done = hosts.run(
        "pylint", *plugin, "--disable=all", "--enable=tf2lint", "--disable=W7101", *names, cwd=here
    )
    assert [p.code for p in pylint_places(done.stdout)] == ["TF601"]
    done = hosts.run("pylint", *plugin, "--disable=tf2lint", *names, cwd=here)
    assert "tf1-" not in done.stdout
    assert "missing-module-docstring" in done.stdout


# Options.

COMPAT = "import tensorflow.compat.v1 as tf\n\ntf.summary.merge_all()\n"
ALIAS = "from company.tools import tf\n\ntf.summary.merge_all()\n"


@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            ".pylintrc",
            "[MAIN]\nload-plugins=pylint_tf2\n[TF2LINT]\ntf2-allow-compat-v1=yes\n"
            "tf2-target-version=2.4\ntf2-aliases=company.tools.tf=tensorflow,\n"
            "    company.tools.other=tensorflow\n",
        ),
        (
            "pyproject.toml",
            '[tool.pylint.main]\nload-plugins = ["pylint_tf2"]\n[tool.pylint.tf2lint]\n'
            'tf2-allow-compat-v1 = true\ntf2-target-version = "2.4"\n'
            'tf2-aliases = ["company.tools.tf=tensorflow", "company.tools.other=tensorflow"]\n',
        ),
        (
            "setup.cfg",
            "[pylint.main]\nload-plugins=pylint_tf2\n[pylint.tf2lint]\ntf2-allow-compat-v1=y\n"
            "tf2-target-version=2.4\ntf2-aliases=company.tools.tf=tensorflow\n",
        ),
    ],
)
def test_options_from_config_files(here: Path, name: str, text: str) -> None:
    (here / "compat.py").write_text(COMPAT)
    (here / "alias.py").write_text(ALIAS)
    (here / name).write_text(text)
    done = pylint("compat.py", "alias.py", cwd=here)
    assert done.stderr == ""
    assert pylint_places(done.stdout) == [Place("alias.py", 3, 0, "TF101")]
    off = pylint("--tf2-allow-compat-v1=n", "compat.py", cwd=here)
    assert Place("compat.py", 3, 0, "TF101") in pylint_places(off.stdout)


def test_options_from_pyproject_lie_below_those_of_the_host(here: Path) -> None:
    (here / "compat.py").write_text(COMPAT)
    (here / "pyproject.toml").write_text("[tool.tf2lint]\nallow-compat-v1 = true\n")
    assert pylint("compat.py", cwd=here).returncode == 0
    assert pylint("--tf2-allow-compat-v1=n", "compat.py", cwd=here).returncode == 4


def test_a_generated_configuration_changes_nothing(here: Path) -> None:
    (here / "alias.py").write_text(ALIAS)
    (here / "pyproject.toml").write_text(
        "[tool.tf2lint.aliases]\n'company.tools.tf' = 'tensorflow'\n"
    )
    rc = hosts.run("pylint", "--load-plugins=pylint_tf2", "--generate-rcfile", cwd=here)
    assert rc.returncode == 0
    (here / "rc").write_text(rc.stdout)
    done = pylint("--rcfile=rc", "alias.py", cwd=here)
    assert pylint_places(done.stdout) == [Place("alias.py", 3, 0, "TF101")]


def test_help_lists_every_option(here: Path) -> None:
    text = hosts.run("pylint", "--load-plugins=pylint_tf2", "--help", cwd=here).stdout
    assert [s for s in settings_of("pylint") if f"--tf2-{s.name} " not in text] == []


@pytest.mark.parametrize("jobs", [1, 2])
@pytest.mark.parametrize(("name", "value", "message"), BAD_VALUES)
def test_a_bad_value_is_one_line_and_a_usage_error(
    here: Path, jobs: int, name: str, value: str, message: str
) -> None:
    (here / "other.py").write_text(BAD)
    done = pylint(f"--jobs={jobs}", f"--tf2-{name}={value}", "bad.py", "other.py", cwd=here)
    assert (done.returncode, done.stdout) == (32, "")
    assert done.stderr.startswith("pylint: error: ")
    assert message in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_bad_flag(here: Path) -> None:
    done = pylint("--tf2-report-guarded=perhaps", "bad.py", cwd=here)
    assert done.returncode == 32
    assert done.stderr == ("pylint: error: tf2-report-guarded: expected yes or no, got 'perhaps'\n")


def test_rules_that_are_off_need_tf2_enable(here: Path) -> None:
    off = [rule for rule in rules() if not rule.default]
    for rule in off:
        for number, example in enumerate(rule.examples):
            bad = unmark(example.bad)[0]
            (here / f"{rule.code.lower()}_{number}.py").write_text(bad, encoding="utf-8")
    files = sorted(path.name for path in here.glob("*.py"))
    codes = {place.code for place in pylint_places(pylint(*files, cwd=here).stdout)}
    assert codes & {rule.code for rule in off} == set()
    on = pylint(f"--tf2-enable={','.join(rule.code for rule in off)}", *files, cwd=here)
    assert {rule.code for rule in off} - {p.code for p in pylint_places(on.stdout)} == set()


# The same findings however it is run.


def test_jobs_and_hash_seed_change_nothing(corpus: Path) -> None:
    files = sorted(path.name for path in corpus.glob("*.py"))
    on = ",".join(rule.code for rule in rules() if not rule.default)
    runs = [
        pylint(f"--jobs={jobs}", f"--tf2-enable={on}", *files, cwd=corpus,
               env={"PYTHONHASHSEED": str(seed)})
        for jobs, seed in ((1, 0), (2, 1))
    ]  # fmt: skip
    assert [run.stderr for run in runs] == ["", ""]
    one, two = (pylint_lines(run.stdout) for run in runs)
    assert one == two
    assert len(one) >= len(rules())
    for path in files:
        places = [line.place for line in one if line.place.path == path]
        assert places == sorted(places, key=lambda p: (p.line, p.column))


# Odd files: those of the flake8 tests.


@pytest.fixture(scope="module")
def odd_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[Place], str]:
    here = tmp_path_factory.mktemp("odd")
    for name, (data, _) in ODD.items():
        (here / f"{name.replace(' ', '_')}.py").write_bytes(data)
    done = pylint(*sorted(path.name for path in here.glob("*.py")), cwd=here)
    return pylint_places(done.stdout), done.stderr


@pytest.mark.parametrize("name", ODD)
def test_odd_files_by_path(odd_run: tuple[list[Place], str], name: str) -> None:
    found, stderr = odd_run
    path = f"{name.replace(' ', '_')}.py"
    assert [(p.line, p.column) for p in found if p.path == path] == ODD[name][1]
    assert stderr == ""


def test_a_syntax_error_stays_the_hosts_business(here: Path) -> None:
    (here / "two.py").write_text("import tensorflow as tf\nprint 'x'\n")
    done = hosts.run(
        "pylint", "--load-plugins=pylint_tf2", "--disable=all", "--score=n",
        "--enable=syntax-error,tf1-summary-merge-all", "bad.py", "two.py", cwd=here,
    )  # fmt: skip
    lines = [line.split(": ")[1] for line in done.stdout.splitlines() if line[0] != "*"]
    assert sorted(lines) == ["E0001", "W7101"]
    assert done.stderr == ""
