"""Make the tables of ``tf2lint/tensorflow`` from the dumps of ``dump_api.py`` and the wheel lists.

    python tools/make_api_tables.py --dumps DIR [--lists LISTS.json] [--out FOLDER] [--check]

The same input gives the same bytes; ``--check`` writes nothing and exits 1 where a file differs.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

Version = tuple[int, int]
Names = dict[str, dict[str, Any]]

# What a stub raises; NotImplementedError marks abstract methods.
STUB_ERRORS = {"ImportError", "RuntimeError", "AttributeError", "ValueError", "TypeError"}

# tf.Variable says so for its subclass, which is what a call of it makes.
NO_STUBS = {"gather_nd", "sparse_read"}

KINDS = {"module": "m", "class": "c", "function": "f", "constant": "k"}

# Modules of another package: the wheels do not list what is in them.
OPAQUE = {"flags", "app.flags"}

# Parts of a name that make it the less public one of several.
DULL_PARTS = {
    "__internal__": 9,
    "raw_ops": 8,
    "compat": 5,
    "experimental": 3,
    "contrib": 3,
    "estimator": 1,
    "keras": 1,
}
DULL_NAMES = {"half": 1, "double": 1, "__version__": 1, "__git_version__": 1}

# Names that docstrings use for a result, where the bare class name would be ambiguous.
RESULTS = {
    "Tensor": "Tensor",
    "tensor": "Tensor",
    "Op": "Operation",
    "op": "Operation",
    "operation": "Operation",
    "Operation": "Operation",
    "Variable": "Variable",
    "SparseTensor": "SparseTensor",
    "IndexedSlices": "IndexedSlices",
    "RaggedTensor": "RaggedTensor",
    "Dataset": "data.Dataset",
    "dataset": "data.Dataset",
    "Iterator": "data.Iterator",
    "Session": "Session",
    "Graph": "Graph",
    "TensorShape": "TensorShape",
    "DType": "DType",
    "TensorArray": "TensorArray",
    "QueueRunner": "train.QueueRunner",
    "SummaryWriter": "summary.FileWriter",
    "FileWriter": "summary.FileWriter",
    "Estimator": "estimator.Estimator",
    "VariableScope": "VariableScope",
    "MonitoredSession": "train.MonitoredSession",
    "Saver": "train.Saver",
    "Feature": "train.Feature",
    "Features": "train.Features",
    "ServingInputReceiver": "estimator.export.ServingInputReceiver",
    "EstimatorSpec": "estimator.EstimatorSpec",
    "CheckpointReader": "train.NewCheckpointReader",
}

# Words that make the type named after them something else than the result's type.
UNCLEAR = re.compile(
    r"\b(lists?|tuples?|dicts?|dictionary|pairs?|sequence|nested|structure|if|or|of|and|sets?|no|not"
    r"|types?|names?|numbers?|class|function|same|for|with|in|to|two|three|four|from|whose|that"
    r"|which|handle|iterator|generator|mapping|array|numpy|none|each|per|is|ref|as|by|all|any|every|whether)\b"
)
OR_ELSE = re.compile(
    r"^(?:`?s\b|objects|transformation|function|types?\b|names?\b|class\b|or\s|/\s?"
    r"|,\s+`?(?:tf\.)?(?:Sparse|Tensor|Indexed|Ragged|list|tuple|dict|None))"
    r"|\bor (?:an? |the |`)*(?:list|tuple|None|Sparse|Tensor|Operation|dict|Indexed)"
)

RESULT = re.compile(
    r"^(.*?)(?:(?<![\w.`])`?(?:tf\.)?(?:compat\.v1\.)?(?:[a-z_]+\.)*("
    + "|".join(sorted(RESULTS, key=len, reverse=True))
    + r")`?|`(?:[a-z0-9_]+\.)*([A-Z]\w+)`)(?=[\s,.(;:]|$)"
)
MOST_WORDS = 5

# Results that the docstring does not say, or says in a way that is not read.
RETURNS: dict[str, str] = {
    name: result
    for result, names in {
        "": "data.Dataset.reduce train.NewCheckpointReader keras.layers.Dot"
        " keras.utils.model_to_dot strings.unicode_decode strings.unicode_split"
        " contrib.learn.datasets.load_dataset contrib.learn.datasets.load_iris"
        " contrib.learn.datasets.load_boston contrib.learn.datasets.base.load_iris"
        " contrib.learn.datasets.base.load_boston contrib.learn.datasets.base.load_csv_with_header"
        " contrib.learn.datasets.base.load_csv_without_header",
        "Tensor": "abs math.abs cast dtypes.cast to_float to_double to_int32 to_int64 to_bfloat16"
        " to_complex64 to_complex128 clip_by_value div truediv math.truediv divide math.divide"
        " div_no_nan math.divide_no_nan floordiv math.floordiv floor_div scalar_mul"
        " math.scalar_mul add_n math.add_n summary.merge_all summary.merge summary.text"
        " nn.leaky_relu nn.zero_fraction math.zero_fraction linalg.expm norm linalg.norm"
        " image.resize image.resize_images image.adjust_hue image.adjust_brightness"
        " image.adjust_contrast image.adjust_saturation image.random_brightness"
        " image.random_contrast image.random_hue image.random_saturation image.rgb_to_hsv"
        " image.resize_image_with_crop_or_pad image.resize_with_crop_or_pad"
        " random.multinomial multinomial random_gamma random.gamma identity stop_gradient"
        " where slice strided_slice boolean_mask add subtract multiply math.add math.subtract"
        " math.multiply pow math.pow square sqrt Variable.assign Variable.assign_add"
        " Variable.assign_sub Variable.value Variable.read_value Variable.initialized_value"
        " train.match_filenames_once Graph.get_tensor_by_name nn.bias_add nn.dropout"
        " matmul linalg.matmul tensordot linalg.tensordot einsum linalg.einsum",
        "Operation": "Tensor.op Variable.op Variable.initializer data.Iterator.initializer group"
        " no_op Graph.get_operation_by_name train.Optimizer.minimize"
        " train.Optimizer.apply_gradients Session.make_initializer",
        "Graph": "Session.graph InteractiveSession.graph Tensor.graph Variable.graph"
        " Operation.graph get_default_graph",
        "Session": "get_default_session train.Supervisor.prepare_or_wait_for_session"
        " train.Supervisor.managed_session train.SessionManager.prepare_session",
        "Variable": "get_variable get_local_variable train.get_global_step"
        " train.create_global_step train.get_or_create_global_step"
        " VariableScope.get_variable contrib.framework.get_global_step"
        " contrib.framework.create_global_step contrib.framework.get_or_create_global_step",
        "VariableScope": "get_variable_scope",
        "TensorShape": "Tensor.shape Tensor.get_shape Variable.shape Variable.get_shape"
        " SparseTensor.get_shape TensorShape.merge_with TensorShape.with_rank"
        " TensorShape.with_rank_at_least TensorShape.with_rank_at_most TensorShape.concatenate",
        "data.Iterator": "data.make_one_shot_iterator data.make_initializable_iterator"
        " data.Dataset.make_one_shot_iterator data.Dataset.make_initializable_iterator"
        " data.Iterator.from_structure data.Iterator.from_string_handle",
        "train.Saver": "train.import_meta_graph Session.saver train.Supervisor.saver",
        "summary.FileWriter": "summary.FileWriterCache.get train.Supervisor.summary_writer",
    }.items()
    for name in names.split()
}


def version_of(text: str) -> Version:
    """The minor release of a full version."""
    major, minor = text.split(".")[:2]
    return int(major), int(minor)


def show(version: Version) -> str:
    return f"{version[0]}.{version[1]}"


def ranges(present: Iterable[Version], releases: list[Version]) -> str:
    """``2.0-2.15,2.20-`` for the releases of ``present``; ``-`` for none."""
    wanted = set(present)
    parts: list[str] = []
    start: Version | None = None
    for i, release in enumerate([*releases, (99, 0)]):
        if release in wanted:
            start = start or release
        elif start is not None:
            last = releases[i - 1]
            if i == len(releases):
                parts.append(show(start) + "-")
            else:
                parts.append(show(start) if start == last else f"{show(start)}-{show(last)}")
            start = None
    return ",".join(parts) or "-"


def steps(values: list[str]) -> str:
    """Run-length text of one value for each slot: ``index:value`` where it changes from ``-``."""
    out: list[str] = []
    last = "-"
    for index, value in enumerate(values):
        if value != last:
            out.append(f"{index}:{value}")
            last = value
    return " ".join(out) or "-"


def rank(name: str) -> tuple[int, int, int, str]:
    """Sort key: the most public of several names of one object comes first."""
    parts = name.split(".")
    dull = sum(DULL_PARTS.get(p, 0) for p in parts[:-1]) + DULL_NAMES.get(parts[-1], 0)
    return dull, len(parts), len(name), name


class Slot:
    """One snapshot of one namespace: its names and classes."""

    def __init__(self, label: str, names: Names, classes: dict[str, Any]) -> None:
        self.label = label
        self.names = names
        self.classes = classes
        self.by_object: dict[int, list[str]] = {}
        for name, row in names.items():
            if "obj" in row and row["kind"] == "class":
                self.by_object.setdefault(row["obj"], []).append(name)
        self.primary: dict[int, str] = {}
        for number, own in self.by_object.items():
            exported = [*names[own[0]].get("export2", ()), *names[own[0]].get("export1", ())]
            if label == "tf1" or label.startswith("v1"):
                exported = [*names[own[0]].get("export1", ()), *exported]
            first = next((n for n in exported if n in own), None)
            self.primary[number] = first or min(own, key=rank)

    def bases(self, name: str) -> list[str]:
        """Public names of the MRO of a class, nearest first; for an alias, the main name first."""
        row = self.names[name]
        record = self.classes.get(str(row["obj"]))
        if record is None:
            return []
        out = [] if self.primary[row["obj"]] == name else [self.primary[row["obj"]]]
        return out + [self.primary[n] for n in record["mro"] if n in self.primary]


def own_members(slot: Slot) -> dict[str, dict[str, tuple[str, str | None, str]]]:
    """Members of each class by its main name, without those that its public bases give alike."""
    out: dict[str, dict[str, tuple[str, str | None, str]]] = {}
    full: dict[str, dict[str, tuple[str, str | None, str]]] = {}
    chain: dict[str, list[str]] = {}
    for number, name in slot.primary.items():
        record = slot.classes[str(number)]
        full[name] = {
            member: (
                "stub"
                if raises in STUB_ERRORS and member not in NO_STUBS and slot.label != "tf1"
                else kind,
                sig,
                returns,
            )
            for member, (kind, sig, returns, raises) in record["members"].items()
        }
        chain[name] = slot.bases(name)
    # Bases before the classes derived from them, so that "what the bases give" is known.
    for name in sorted(full, key=lambda n: (len(chain[n]), n)):
        own: dict[str, tuple[str, str | None, str]] = {}
        for member, value in full[name].items():
            for base in chain[name]:
                if member in out.get(base, {}):
                    inherited = out[base][member]
                    break
            else:
                inherited = None
            if inherited is None or inherited[:2] != value[:2]:
                own[member] = value
        for base in chain[name]:
            for member in out.get(base, {}):
                if member not in full[name] and member not in own:
                    own[member] = ("gone", None, "")
        out[name] = own
    return out


class Signatures:
    """Distinct signature texts, each under a short key that depends on its text alone."""

    def __init__(self) -> None:
        self.texts: dict[str, str] = {}

    def key(self, text: str | None) -> str:
        """The key, ``?`` where the signature is not known."""
        if text is None:
            return "?"
        text = " ".join(text.split()) if "\n" in text or "\t" in text else text
        key = hashlib.sha1(text.encode()).hexdigest()[:8]
        if self.texts.setdefault(key, text) != text:
            raise SystemExit(f"two signatures share the key {key}: make it longer")
        return key


def callable_text(name: str, text: str | None) -> str | None:
    """The signature as calls have to follow it: raw_ops refuse positional arguments."""
    if name.startswith("raw_ops.") and text and "*" not in text:
        return f"*, {text}"
    return text


def returns_name(doc: str, classes: dict[str, str]) -> str:
    """The TF 1 name of a result, read from a docstring's Returns section; empty if not clear."""
    # "Dataset: A `Dataset`." is clear, more than one such label means a tuple.
    if len(re.findall(r"(?:^|[.\s*])`?\w+`?\s*:\s+(?=[A-Z`]|a |the )", doc)) > 1:
        return ""
    text = re.sub(r"^`?\w+`?\s*:\s+(?=[A-Z`]|a |the )", "", doc.strip())
    sentence = re.split(r"(?<=[a-z`\])])\.\s|\sRaises:", text)[0]
    head = RESULT.search(sentence)
    if not head or len(head.group(1).split()) > MOST_WORDS:
        return ""
    before, word = head.group(1).lower(), head.group(2) or head.group(3)
    after = sentence[head.end() :].strip()
    if UNCLEAR.search(before) or OR_ELSE.search(after[:60]):
        return ""
    return RESULTS.get(word) or classes.get(word, "")


def load(folder: Path) -> tuple[dict[str, Any], dict[Version, dict[str, Any]]]:
    """The dump of TF 1 and those of TF 2 by release."""
    first: dict[str, Any] | None = None
    later: dict[Version, dict[str, Any]] = {}
    for path in sorted(folder.glob("*.json")):
        dump = json.loads(path.read_text())
        version = version_of(dump["source"]["tensorflow"])
        if version[0] == 1:
            first = dump
        else:
            later[version] = dump
    if first is None or not later:
        raise SystemExit(f"{folder}: a dump of TF 1.15 and at least one of TF 2 are needed")
    return first, later


def good(names: Names) -> Names:
    """The names that do not raise when touched."""
    return {n: r for n, r in names.items() if r["kind"] != "error"}


def module_same(names: list[str], same: set[str], modules: set[str]) -> None:
    """Add to ``same`` each module all of whose public names in compat.v1 are the same."""
    children: dict[str, list[str]] = {}
    for name in names:
        children.setdefault(name.rpartition(".")[0], []).append(name)
    for name in sorted(modules, key=lambda n: -n.count(".")):
        inside = children.get(name, [])
        if inside and all(child in same for child in inside):
            same.add(name)


def alias_rows(tf1: Names) -> list[str]:
    """For each name of TF 1 whose object has others: the others; contrib is left out."""
    names: dict[int, list[str]] = {}
    for name, row in tf1.items():
        if row["kind"] in ("class", "function") and not name.startswith("contrib."):
            names.setdefault(row["obj"], []).append(name)
    rows = [
        f"{name}\t{','.join(sorted((n for n in group if n != name), key=rank))}"
        for group in names.values()
        if len(group) > 1
        for name in group
    ]
    return sorted(rows, key=lambda row: row.partition("\t")[0].encode())


def same_names(v1: Names, v2: Names) -> set[str]:
    """The names that are one object in both namespaces."""
    same: set[str] = set()
    for name, row in v1.items():
        other = v2.get(name)
        if other is None or "obj" not in row or "obj" not in other:
            continue
        if (
            row["obj"] == other["obj"]
            # The v2 name got one more wrapper, which does nothing unless asked to (weak tensors).
            or (other.get("wraps") == row["obj"] and name in row.get("export2", ()))
        ) or (
            row["kind"] == other["kind"] == "constant"
            and "value" in row
            and row["value"] == other.get("value")
            and row["type"] == other.get("type")
        ):
            same.add(name)
    module_same(sorted(v1), same, {n for n, r in v1.items() if r["kind"] == "module"})
    return same


def best(name: str, found: list[str]) -> str:
    """The name to give for another one of the same object; the same last part is preferred."""
    leaf = name.rpartition(".")[2]
    return min(found, key=lambda n: (n.rpartition(".")[2] != leaf, *rank(n)))


def same_constant(name: str, other: str) -> bool:
    """Whether a constant of the same value is meant to be the same one, judged by its name."""
    one, two = name.rpartition(".")[2], other.rpartition(".")[2]
    return one == two and not other.startswith("keras")


def canonical_names(v1: Names, v2: Names, tf1: Names, same: set[str]) -> dict[str, str]:
    """TF 1 name -> TF 2 name of the very object; after ``~`` that of a TF 1 alias of the name."""
    by_object: dict[int, list[str]] = {}
    for name, row in v2.items():
        if "obj" in row and row["kind"] != "module" and "raises" not in row:
            by_object.setdefault(row["obj"], []).append(name)
    aliases: dict[int, list[str]] = {}
    for name, row in tf1.items():
        if "obj" in row and row["kind"] in ("class", "function"):
            aliases.setdefault(row["obj"], []).append(name)
    exact: dict[str, str] = {}
    gone = sorted({*tf1, *v1} - set(v2))
    for name in gone:
        row = v1.get(name, {"kind": "error"})
        if row["kind"] in ("error", "module"):
            continue
        exported = [n for n in row.get("export2", ()) if n in v2]
        found = by_object.get(row["obj"], [])
        if row["kind"] == "constant":
            if row.get("type") == "DType":
                found = [n for n in found if n == row.get("name")] or found
            else:
                found = [n for n in found if same_constant(name, n)]
        found = [n for n in found if rank(n)[0] <= 1 or rank(name)[0] > 0]
        if exported:
            exact[name] = (
                best(name, exported)
                if any(n.rpartition(".")[2] == name.rpartition(".")[2] for n in exported)
                else exported[0]
            )
        elif found:
            exact[name] = best(name, found)
    out = dict(exact)
    for name in gone:
        if name in exact:
            continue
        others: list[str] = []
        others += [n for n in v1.get(name, {}).get("export1", ()) if n in v2]
        if name in tf1 and tf1[name]["kind"] in ("class", "function"):
            group = sorted((n for n in aliases[tf1[name]["obj"]] if n != name), key=rank)
            # The object of TF 1 had a second name, and what that means is the same in TF 2.
            sure = [n for n in group if n in same and not n.startswith("keras")]
            sure += [exact[n] for n in group if n in exact]
            if sure:
                out[name] = best(name, sure)
                continue
            others += [n for n in group if n in v2]
        if others:
            out[name] = "~" + best(name, others)
    return out


def make(dumps: Path, lists: dict[str, Any] | None) -> dict[str, str]:
    """File name -> text of every generated file."""
    first, later = load(dumps)
    snapshots = sorted(later)
    slots = [Slot("tf1", good(first["spaces"]["tf1"]), first["classes"])]
    for space in ("v2", "v1"):
        slots += [
            Slot(f"{space}@{show(v)}", good(later[v]["spaces"][space]), later[v]["classes"])
            for v in snapshots
        ]
    provenance = ["# " + " ".join(f"{k} {v}" for k, v in sorted(first["source"].items()))]
    provenance += [
        "# " + " ".join(f"{k} {v}" for k, v in sorted(later[v_]["source"].items()))
        for v_ in snapshots
    ]
    present: dict[str, dict[Version, set[str]]] = {"v2": {}, "v1": {}}
    if lists is None:
        releases = [(2, m) for m in range(snapshots[0][1], snapshots[-1][1] + 1)]
        for space, table in present.items():
            for release in releases:
                below = max(v for v in snapshots if v <= release)
                table[release] = set(later[below]["spaces"][space])
    else:
        releases = sorted(version_of(v) for v in lists["releases"])
        for text, entry in sorted(lists["releases"].items()):
            for space, table in present.items():
                listed = set(entry[space])
                for opaque in OPAQUE & listed:
                    release = version_of(text)
                    below = max((v for v in snapshots if v <= release), default=snapshots[0])
                    listed |= {
                        n for n in later[below]["spaces"][space] if n.startswith(opaque + ".")
                    }
                table[version_of(text)] = listed
        provenance += [
            "# listed: " + " ".join(sorted(entry["source"]))
            for _, entry in sorted(lists["releases"].items(), key=lambda item: version_of(item[0]))
        ]
    newest = snapshots[-1]
    tf1 = slots[0].names
    new_v2 = later[newest]["spaces"]["v2"]
    new_v1 = later[newest]["spaces"]["v1"]

    every = set(tf1)
    stubs: dict[str, set[Version]] = {}
    for space, by_release in present.items():
        for version, names in by_release.items():
            every |= names
            seen_there = later[max(v for v in snapshots if v <= version)]["spaces"][space]
            only_raise = {n for n in names if seen_there.get(n, {}).get("raises") in STUB_ERRORS}
            by_release[version] = names - only_raise
            for name in only_raise:
                stubs.setdefault(name, set()).add(version)
    every = {n for n in every if n}

    same = same_names(new_v1, new_v2)
    same &= present["v2"][releases[-1]] & present["v1"][releases[-1]]
    same = {n for n in same if "error" not in new_v1[n]}
    canonical = canonical_names(new_v1, new_v2, tf1, same)

    signatures = Signatures()
    leaf_classes: dict[str, str] = {}
    ambiguous: set[str] = set()
    for name in slots[0].primary.values():
        leaf = name.rpartition(".")[2]
        if leaf in leaf_classes:
            ambiguous.add(leaf)
        leaf_classes[leaf] = name
    leaf_classes = {
        k: v for k, v in leaf_classes.items() if k not in ambiguous and not v.startswith("contrib")
    }

    rows: list[str] = []
    for name in sorted(every, key=lambda n: n.encode()):
        seen = [slot.names[name] for slot in slots if name in slot.names]
        kinds = [r["kind"] for r in seen]
        if name in tf1:
            kind = tf1[name]["kind"]
        elif name in new_v2 and new_v2[name]["kind"] != "error":
            kind = new_v2[name]["kind"]
        else:
            kind = kinds[-1] if kinds else "constant"
        flags = ""
        if name in tf1:
            flags += "t"
        if name in same:
            flags += "s"
        if "error" in new_v1.get(name, ()):
            flags += "e"
        if "class" in kinds:
            flags += "c"
        returns = ""
        if name in tf1 and tf1[name].get("returns"):
            returns = returns_name(tf1[name]["returns"], leaf_classes)
        returns = RETURNS.get(name, returns)
        returns = returns if returns in tf1 else ""
        sigs = [
            signatures.key(callable_text(name, slot.names[name].get("sig")))
            if name in slot.names and slot.names[name]["kind"] in ("class", "function")
            else "-"
            for slot in slots
        ]
        bases = [
            ",".join(slot.bases(name)) or "-"
            if name in slot.names and slot.names[name]["kind"] == "class"
            else "-"
            for slot in slots
        ]
        rows.append(
            "\t".join(
                (
                    name,
                    KINDS[kind],
                    flags or "-",
                    ranges((v for v in releases if name in present["v2"][v]), releases),
                    ranges((v for v in releases if name in present["v1"][v]), releases),
                    ranges(stubs.get(name, ()), releases),
                    canonical.get(name, "-"),
                    returns or "-",
                    steps(sigs),
                    steps(bases),
                )
            )
        )

    per_slot = [own_members(slot) for slot in slots]
    members: dict[str, list[str]] = {}
    member_returns: dict[str, str] = {}
    for index, classes in enumerate(per_slot):
        for cls, own in classes.items():
            for member, (kind, sig, doc) in own.items():
                full = f"{cls}.{member}"
                values = members.setdefault(full, ["-"] * len(slots))
                code = {
                    "method": "m",
                    "property": "p",
                    "attribute": "a",
                    "class": "c",
                    "gone": "x",
                    "stub": "r",
                }[kind]
                values[index] = code + (signatures.key(sig) if kind in ("method", "class") else "")
                if index == 0 and doc:
                    member_returns[full] = returns_name(doc, leaf_classes)
    for full, value in RETURNS.items():
        if full in members:
            member_returns[full] = value
    member_rows = [
        "\t".join((full, member_returns.get(full) or "-", steps(members[full])))
        for full in sorted(members, key=lambda n: n.encode())
    ]
    mark = "# Generated by tools/make_api_tables.py; not to be edited."
    slot_line = "# slots: " + " ".join(slot.label for slot in slots)
    head = f"{mark} Sources: see names.tsv.\n{slot_line}"
    return {
        "data/names.tsv": "\n".join([mark, *provenance, slot_line])
        + "\n# name, kind, flags (t: in TF 1, s: same, e: compat.v1 name raises, c: a class),"
        " tf releases, compat.v1 releases, releases where it only raises, canonical, returns,"
        " signatures, bases\n" + "\n".join(rows) + "\n",
        "data/members.tsv": head
        + "\n# class member, returns, kind and signature (m method, p property, a attribute,"
        " c class, r it only raises, x not there although a base has it)\n"
        + "\n".join(member_rows)
        + "\n",
        "data/signatures.tsv": head
        + "\n# key, parameters\n"
        + "".join(f"{key}\t{text}\n" for key, text in sorted(signatures.texts.items())),
        "data/aliases.tsv": f"{mark} Sources: see names.tsv.\n# name in TF 1, other names of it\n"
        + "".join(f"{row}\n" for row in alias_rows(slots[0].names)),
        "_releases.py": (
            '"""The TF 2 minor releases in the tables.'
            ' Generated by tools/make_api_tables.py."""\n\n'
            "RELEASES: tuple[tuple[int, int], ...] = (\n"
            + "".join(f"    {v!r},\n" for v in releases)
            + ")\n"
        ),
    }


def verify(name: str, text: str) -> None:
    """Stop where a table is not what the lookup needs: whole lines, one width, sorted keys."""
    if not text.endswith("\n"):
        raise SystemExit(f"{name}: the last line is cut off")
    lines = text[:-1].split("\n")
    body = [line for line in lines if not line.startswith("#")]
    if any(line.startswith("#") for line in lines[len(lines) - len(body) :]):
        raise SystemExit(f"{name}: a comment among the rows")
    last, width = b"", -1
    for number, line in enumerate(body, len(lines) - len(body) + 1):
        fields = line.split("\t")
        if width not in (-1, len(fields)):
            raise SystemExit(f"{name}:{number}: {len(fields)} fields, not {width}")
        key = fields[0].encode()
        if key <= last:
            raise SystemExit(f"{name}:{number}: {fields[0]!r} is not in order")
        last, width = key, len(fields)


def main(argv: list[str]) -> int:
    """Write or check the tables; the exit status is 1 where ``--check`` finds a difference."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dumps", type=Path, required=True)
    parser.add_argument("--lists", type=Path)
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).parents[1] / "tf2lint" / "tensorflow"
    )
    parser.add_argument("--check", action="store_true")
    options = parser.parse_args(argv)
    lists = json.loads(options.lists.read_text()) if options.lists else None
    status = 0
    for name, text in sorted(make(options.dumps, lists).items()):
        path = options.out / name
        if name.endswith(".tsv"):
            verify(name, text)
        data = text.encode()
        if options.check:
            equal = path.exists() and path.read_bytes() == data
            print(f"{name}: {'same' if equal else 'DIFFERENT'}")
            status |= not equal
        else:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            print(f"{name}: {len(data)} bytes, {text.count(chr(10))} lines")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
