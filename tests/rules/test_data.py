"""TF8: what the examples do not show."""

from __future__ import annotations

import pytest

from tests.support import codes, findings, place, said, told, unmark

TF = "import tensorflow as tf\n"


def hints(text: str, **settings: object) -> list[tuple[str, str]]:
    """Code and what to use of each finding."""
    return [(f.code, told(f)) for f in findings(text, **settings)]


# TF801: modules with «» around the places.

ITERATORS = {
    "dataset": "it = «tf.data.Dataset.range(3).make_one_shot_iterator»()",
    "chain": "d = tf.data.TFRecordDataset(f).map(g).shuffle(9).repeat().batch(3)\n"
             "it = «d.make_initializable_iterator»()",
    "subclass": "it = «tf.data.TextLineDataset(f).make_one_shot_iterator»()",
    "zip": "d = tf.data.Dataset.zip((a, b)).apply(g)\n«d.make_one_shot_iterator»()",
    "unknown": "def f(d):\n    return «d.make_one_shot_iterator»()",
    "another package": "import tfds\n«tfds.load('mnist').make_one_shot_iterator»()",
    "function": "it = «tf.data.make_one_shot_iterator»(d)",
    "compat": "it = «tf.compat.v1.data.make_initializable_iterator»(d)",
    "structure": "it = «tf.data.Iterator.from_structure»(t, s)",
    "handle": "it = «tf.data.Iterator.from_string_handle»(h, t, s)",
    "import": "from tensorflow.data import «make_one_shot_iterator»",
    "at once": "x = «tf.data.Dataset.range(3).make_one_shot_iterator»().get_next()",
    "make_initializer": "def f(train_iterator, d):\n    return «train_iterator.make_initializer»(d)",
}  # fmt: skip


@pytest.mark.parametrize("text", ITERATORS.values(), ids=ITERATORS)
def test_iterators(text: str) -> None:
    plain, mark = unmark(TF + text)
    assert [(f.code, place(f)) for f in findings(plain)] == [("TF801", mark)]


@pytest.mark.parametrize("text", [
    "it = iter(tf.data.Dataset.range(3))\nx = it.get_next()",
    "def f(it: tf.data.Iterator):\n    return it.get_next()",
    "for x in tf.data.Dataset.range(3):\n    print(x)",
    "d = tf.data.Dataset.range(3)\nprint(d.element_spec, d.as_numpy_iterator())",
    "def f(queue):\n    queue.get_next()",
    "def f(thing):\n    thing.make_initializer(x)",
])  # fmt: skip
def test_iterators_of_tf2(text: str) -> None:
    assert codes(TF + text) == []


def test_what_is_done_with_iterators() -> None:
    text = (
        f"{TF}def f(d, sess):\n    it = d.make_initializable_iterator()\n"
        "    x = it.get_next()\n    sess.run(it.initializer)\n    return it.string_handle()\n"
    )
    assert hints(text) == [
        ("TF801", "iter(d)"),
        ("TF801", "next(it) in the loop, or for element in dataset:"),
        ("TF602", "it = iter(dataset) for each pass"),
        ("TF801", "a fresh iter(dataset) for each pass"),
        ("TF801", "the iterator itself, passed as an argument"),
    ]


def test_eager_behavior_of_compat_iterators() -> None:
    text = f"{TF}it = tf.compat.v1.data.make_initializable_iterator(d)\n"
    assert "raises under eager execution" in said(findings(text)[0])
    assert codes(text, allow_compat_v1=True) == []


def test_iterators_that_may_be_those_of_compat() -> None:
    use = "def f(d):\n    return d.make_one_shot_iterator()\n"
    v1 = f"import tensorflow.compat.v1 as tf\n{use}"
    assert codes(v1, allow_compat_v1=True) == []
    assert codes(f"{TF}{use}", allow_compat_v1=True) == ["TF801"]


# TF807.

ATTRIBUTES = {
    "output_shapes": "tf.nest.map_structure(lambda spec: spec.shape, d.element_spec)",
    "output_types": "tf.nest.map_structure(lambda spec: spec.dtype, d.element_spec)",
    "output_classes": "d.element_spec",
}


@pytest.mark.parametrize("name", ATTRIBUTES)
def test_dataset_attributes(name: str) -> None:
    made = f"{TF}d = tf.data.Dataset.range(3)\nprint(d.{name})\n"
    assert hints(made) == [("TF807", ATTRIBUTES[name])]
    assert hints(f"{TF}tf.compat.v1.data.get_{name}(d)\n") == [("TF807", ATTRIBUTES[name])]


def test_dataset_attributes_of_unknown_objects() -> None:
    read = "def f(dataset, model):\n    return dataset.output_shapes['x'], model.output_shapes\n"
    assert codes(TF + read) == []  # TF 2 code may have such a class
    text, mark = unmark(
        f"{TF}tf.placeholder\n" + read.replace("dataset.output_shapes", "«dataset.output_shapes»")
    )
    found = [f for f in findings(text) if f.code == "TF807"]
    assert [(place(f), f.confidence) for f in found] == [(mark, "low")]
    call = "def f(dataset):\n    return dataset.output_shapes()\n"
    assert codes(f"{TF}tf.placeholder\n{call}") == ["TF603"]


# TF808, TF809, TF810, TF811.


def test_legacy_functions_of_datasets() -> None:
    text = (
        f"{TF}d = tf.data.Dataset.range(3)\nd.map_with_legacy_function(f, num_parallel_calls=4)\n"
    )
    assert hints(text) == [("TF808", "d.map(f, num_parallel_calls=4)")]
    unknown = f"{TF}def f(d):\n    return d.filter_with_legacy_function(g)\n"
    assert hints(unknown) == [("TF808", "d.filter")]


def test_options_go_by_the_target() -> None:
    text = f"{TF}o = tf.data.Options()\no.experimental_stats.aggregator = a\no.threading.x = 3\n"
    assert codes(text) == ["TF809"]
    assert codes(text, target_version="2.3") == []
    other = f"{TF}o = tf.data.Options()\np.experimental_stats.aggregator = a\n"
    assert codes(other) == []
    old = (
        f"{TF}o = tf.data.Options()\no.experimental_optimization.map_vectorization.enabled = True\n"
    )
    assert codes(old) == ["TF809"]
    assert codes(old, target_version="2.3") == []
    new = f"{TF}o = tf.data.Options()\no.autotune.enabled = True\no.experimental_threading.x = 1\n"
    assert codes(new) == []


TRANSFORMATIONS = {
    "shuffle_and_repeat(100, seed=7)": "dataset.shuffle(100, seed=7).repeat()",
    "map_and_batch(f, 32, drop_remainder=True)": (
        "dataset.map(f, num_parallel_calls=tf.data.AUTOTUNE).batch(32, drop_remainder=True)"
    ),
    "sample_from_datasets([a, b], [0.5, 0.5])": (
        "tf.data.Dataset.sample_from_datasets([a, b], weights=[0.5, 0.5])"
    ),
    "Counter(step=2)": "tf.data.Dataset.counter(step=2)",
    "take_while(p)": "dataset.take_while(p)",
}


@pytest.mark.parametrize("call", TRANSFORMATIONS)
def test_deprecated_transformations(call: str) -> None:
    text = f"{TF}x = tf.data.experimental.{call}\n"
    assert codes(text) == []
    assert hints(text, enable=["TF810"]) == [("TF810", TRANSFORMATIONS[call])]


def test_transformations_that_the_target_still_needs() -> None:
    text = f"{TF}x = tf.data.experimental.take_while(p)\n"
    assert codes(text, enable=["TF810"], target_version="2.0") == []


def test_only_handlers_end_loops() -> None:
    text = f"{TF}raise tf.errors.OutOfRangeError(None, None, 'end')\n"
    assert codes(text, enable=["TF811"]) == []
    both = f"{TF}try:\n    f()\nexcept (KeyError, tf.errors.OutOfRangeError):\n    pass\n"
    assert codes(both, enable=["TF811"]) == ["TF811"]
    assert codes(both) == []


# TF802.

QUEUES = {
    "tf.train.string_input_producer(names)": (
        "tf.data.Dataset.from_tensor_slices(names).shuffle(len(names)).repeat()"
    ),
    "tf.train.string_input_producer(names, 1, False)": "tf.data.Dataset.from_tensor_slices(names)",
    "tf.train.range_input_producer(9, num_epochs=n, shuffle=False)": (
        "tf.data.Dataset.range(9).repeat(n)"
    ),
    "tf.train.slice_input_producer([a, b], shuffle=False, num_epochs=2)": (
        "tf.data.Dataset.from_tensor_slices(tuple([a, b])).repeat(2)"
    ),
    "tf.train.batch([x], 8)": "dataset.batch(8, drop_remainder=True)",
    "tf.train.batch([x], 8, dynamic_pad=True, allow_smaller_final_batch=True)": (
        "dataset.padded_batch(8)"
    ),
    "tf.train.batch([x], 8, allow_smaller_final_batch=last)": (
        "dataset.batch(8, drop_remainder=not last)"
    ),
    "tf.train.shuffle_batch([x], 8, 1000, 500, seed=1)": (
        "dataset.shuffle(500, seed=1).batch(8, drop_remainder=True)"
    ),
    "tf.train.shuffle_batch([x], 8, 1000, 0)": (
        "dataset.shuffle(1000).batch(8, drop_remainder=True)"
    ),
    "tf.train.batch(**options)": "dataset.batch(batch_size, drop_remainder=True)",
    "tf.train.maybe_batch([x], keep, 8)": "dataset.filter(keep).batch(8, drop_remainder=True)",
    "tf.train.batch_join(xs, 8)": (
        "dataset.interleave(read, cycle_length=n).batch(8, drop_remainder=True)"
    ),
    "tf.train.limit_epochs(x, 3)": "dataset.repeat(3)",
    "tf.TextLineReader(skip_header_lines=2)": "tf.data.TextLineDataset(filenames).skip(2)",
    "tf.FixedLengthRecordReader(record_bytes=10)": (
        "tf.data.FixedLengthRecordDataset(filenames, 10)"
    ),
    "tf.WholeFileReader()": ("tf.data.Dataset.from_tensor_slices(filenames).map(tf.io.read_file)"),
    "tf.RandomShuffleQueue(10, 5, dtypes=[t])": "tf.queue.RandomShuffleQueue(10, 5, dtypes=[t])",
    "tf.train.QueueRunner(q, [op])": "Delete it: a dataset needs no threads",
    "tf.train.queue_runner.start_queue_runners()": "Delete it: a dataset needs no threads",
    "tf.train.match_filenames_once('a*')": "tf.io.gfile.glob('a*')",
    "tf.train.LooperThread(c, 1)": "threading.Thread",
}


@pytest.mark.parametrize("call", QUEUES)
def test_queues(call: str) -> None:
    assert hints(f"{TF}x = {call}\n") == [("TF802", QUEUES[call])]


def test_readers_read() -> None:
    text = f"{TF}reader = tf.TFRecordReader()\nkey, value = reader.read(queue)\n"
    assert [(f.code, f.line) for f in findings(text)] == [("TF802", 2), ("TF802", 3)]


def test_queues_of_tf2() -> None:
    assert codes(f"{TF}q = tf.queue.FIFOQueue(3, [tf.int32])\nq.enqueue([1])\nq.dequeue()\n") == []
    assert codes(f"{TF}c = tf.train.Coordinator()\nc.join(threads)\n") == []


# TF803.

SAVERS = {
    "s = tf.train.Saver()": (
        "tf.train.CheckpointManager(tf.train.Checkpoint(model=model), directory, max_to_keep=5)"
    ),
    "s.save(sess, path, global_step=step)": "manager.save(checkpoint_number=step)",
    "s.save(sess, path, 7)": "manager.save(checkpoint_number=7)",
    "s.save(sess, path)": "checkpoint.write(path)",
    "s.restore(sess, tf.train.latest_checkpoint(d))": (
        "checkpoint.restore(tf.train.latest_checkpoint(d)).assert_existing_objects_matched()"
    ),
    "s.last_checkpoints": "manager.checkpoints",
    "s.export_meta_graph(f)": "tf.saved_model.save(obj, export_dir) and no meta graph",
    "s.recover_last_checkpoints(p)": ("Delete it: a CheckpointManager recovers by itself"),
}


def test_savers() -> None:
    text = TF + "\n".join(SAVERS) + "\n"
    assert hints(text) == [("TF803", use) for use in SAVERS.values()]


UNKNOWN_SAVERS = {
    "def f(saver, sess):\n    «saver.save»(sess, path)": True,
    "def f(self):\n    «self.a.restore»(self._session, path)": True,
    "def f(saver, s: tf.Session):\n    «saver.restore»(s, save_path=p)": True,
    "def f(saver):\n    saver.save(x, path)": False,
    "def f(saver, sess):\n    saver.save(sess)": False,
    "def f(image):\n    image.save(buffer, 'PNG')": False,
    "import numpy as np\nnp.save(sess, x)": False,
    "def f(checkpoint):\n    checkpoint.restore(path)": False,
}


@pytest.mark.parametrize("text", UNKNOWN_SAVERS)
def test_savers_of_which_nothing_is_known(text: str) -> None:
    plain, mark = unmark(TF + text)
    found = [place(f) for f in findings(plain) if f.code == "TF803"]
    assert found == ([mark] if UNKNOWN_SAVERS[text] else [])


def test_savers_elsewhere() -> None:
    scaffold = f"{TF}def f(sv: tf.train.Supervisor, sess):\n    sv.saver.save(sess, p)\n"
    assert "TF803" in codes(scaffold)
    status = f"{TF}def f(c, sess):\n    c.restore(p).initialize_or_restore(sess)\n"
    assert codes(status) == ["TF803"]
    assert codes(status.replace("restore(sess)", "restore()")) == []
    v1 = f"{TF}tf.compat.v1.train.Saver()\ntf.compat.v1.train.Saver([v])\n"
    assert [said(f).partition(". ")[0] for f in findings(v1)] == [
        "tf.compat.v1.train.Saver raises under eager execution without var_list",
        "tf.compat.v1.train.Saver is only in compat.v1",
    ]
    fine = "tf.train.latest_checkpoint(d)\ntf.train.get_checkpoint_state(d)\n"
    assert codes(f"{TF}{fine}") == []


# TF804.

SAVED_MODELS = {
    "tf.saved_model.simple_save(sess, d, i, o)": (
        "tf.saved_model.save(obj, d, signatures=function)"
    ),
    "tf.saved_model.loader.load(s, tags, d)": (
        'tf.saved_model.load(d, tags=tags) and its signatures["serving_default"]'
    ),
    "tf.saved_model.loader.load(s, [t], d)": (
        'tf.saved_model.load(d) and its signatures["serving_default"]'
    ),
    "tf.saved_model.loader.maybe_saved_model_directory(d)": (
        "tf.saved_model.contains_saved_model(d)"
    ),
    "tf.saved_model.signature_constants.PREDICT_METHOD_NAME": (
        "tf.saved_model.PREDICT_METHOD_NAME"
    ),
    "tf.saved_model.tag_constants.TRAINING": "tf.saved_model.TRAINING",
    "tf.saved_model.utils.build_tensor_info(x)": (
        "tf.TensorSpec in the input_signature of a tf.function"
    ),
    "tf.saved_model.signature_def_utils.predict_signature_def(i, o)": (
        "a tf.function that returns a dict"
    ),
    "tf.saved_model.main_op.main_op()": ("Delete it: initialization is saved with the object"),
}


@pytest.mark.parametrize("call", SAVED_MODELS)
def test_saved_models(call: str) -> None:
    assert hints(f"{TF}x = {call}\n") == [("TF804", SAVED_MODELS[call])]


def test_builders() -> None:
    text = (
        f"{TF}b = tf.saved_model.builder.SavedModelBuilder(d)\n"
        "b.add_meta_graph_and_variables(x, tags)\nb.save()\n"
    )
    assert codes(text) == ["TF804", "TF804", "TF804"]
    unknown = f"{TF}def f(b, x):\n    b.add_meta_graph_and_variables(x)\n    b.save()\n"
    assert codes(unknown) == ["TF804", "TF804"]


def test_load_takes_no_session() -> None:
    assert codes(f"{TF}tf.saved_model.load(d)\ntf.saved_model.load(d, ['serve'])\n") == []
    assert codes(f"{TF}tf.saved_model.load(d, tags=t, options=o)\n") == []
    assert codes(f"{TF}tf.saved_model.load(sess, t, d)\n") == ["TF804"]
    assert codes(f"{TF}tf.saved_model.load(sess=s, tags=t, export_dir=d)\n") == ["TF804"]
    v1 = f"{TF}tf.compat.v1.saved_model.load(sess, t, d)\n"
    assert [f.status for f in findings(v1)] == ["compat"]
    assert codes(v1, allow_compat_v1=True) == []
    updater = f"{TF}tf.compat.v1.saved_model.signature_def_utils.MethodNameUpdater(d)\n"
    assert codes(updater) == []


# TF805.

ABSL = {
    "tf.app.run(main=go, argv=a)": "app.run(go, argv=a) with from absl import app",
    "tf.app.run()": "app.run(main) with from absl import app",
    "tf.flags.DEFINE_string('a', None, 'A.')": (
        "flags.DEFINE_string('a', None, 'A.') with from absl import flags"
    ),
    "tf.flags.DEFINE_bool(flag_name='a', default_value=True, docstring='A.')": (
        "flags.DEFINE_bool(name='a', default=True, help='A.') with from absl import flags"
    ),
    "FLAGS = tf.app.flags.FLAGS": "flags.FLAGS with from absl import flags",
    "flags = tf.flags": "absl.flags with from absl import flags",
    "tf.logging.info('%s', x)": "logging.info('%s', x) with from absl import logging",
    "tf.logging.TaskLevelStatusMessage(x)": "logging.error(x) with from absl import logging",
    "x = tf.logging.WARN": "logging.WARNING with from absl import logging",
    # Measured: absl aborts the process after a line at FATAL, and 20 shows debug output, too.
    "tf.logging.fatal('no dir')": (
        "logging.error('no dir') with from absl import logging. Absl's fatal ends the process"
    ),
    "tf.logging.log(50, 'x')": (
        "logging.log(logging.ERROR, 'x') with from absl import logging. Absl's fatal ends the process"
    ),
    "tf.logging.log_if(level=20, msg='x', condition=c)": (
        "logging.log_if(level=logging.INFO, msg='x', condition=c) with from absl import logging"
    ),
}


@pytest.mark.parametrize("line", ABSL)
def test_absl(line: str) -> None:
    assert hints(f"{TF}{line}\n") == [("TF805", ABSL[line])]


def test_a_fatal_level_is_told_under_an_alias_too() -> None:
    text = (
        f"{TF}from tensorflow import logging\nlogging.info('a')\nlogging.fatal('b')\n"
        "logging.log(logging.FATAL, 'c')\nlogging.set_verbosity(logging.FATAL)\n"
        "logging.set_verbosity(10)\n"
    )
    assert [f.line for f in findings(text)] == [2, 4, 5, 5, 7]


def test_verbosity_names_the_logger_of_tensorflow() -> None:
    found = hints(f"{TF}tf.logging.set_verbosity(tf.logging.ERROR)\n")
    assert found[0] == (
        "TF805",
        "logging.set_verbosity(logging.ERROR) with from absl import logging. tf.get_logger().setLevel is for TensorFlow's own",
    )


ALIASES = {
    "flags = «tf.app.flags»\nflags.DEFINE_string('a', '', '')\nFLAGS = flags.FLAGS\nprint(FLAGS.a)",
    "FLAGS = «tf.flags.FLAGS»\ndef f():\n    return FLAGS.a + FLAGS.b",
    "from tensorflow import «flags»\nflags.DEFINE_string('a', '', '')\nFLAGS = flags.FLAGS",
    "from tensorflow import «logging»\nlogging.warn('x')\nlogging.set_verbosity(logging.INFO)",
    "from tensorflow.flags import «FLAGS as F»\nprint(F.a)",
    "class A:\n    log = «tf.logging»\n    def f(self):\n        self.log.info('x')",
}


@pytest.mark.parametrize("text", sorted(ALIASES))
def test_an_alias_is_reported_where_it_is_bound(text: str) -> None:
    plain, mark = unmark(TF + text + "\n")
    assert [(f.code, place(f)) for f in findings(plain)] == [("TF805", mark)]


def test_aliases_that_absl_takes_otherwise() -> None:
    head = f"{TF}from tensorflow import app, flags\nFLAGS = flags.FLAGS\n"
    assert codes(head) == ["TF805", "TF805"]
    text = f"{head}flags.DEFINE_float(flag_name='a', default_value=1.0, docstring='')\napp.run()\n"
    assert hints(text)[2:] == [
        ("TF805", "flags.DEFINE_float(name='a', default=1.0, help='') with from absl import flags"),
        ("TF805", "app.run(main) with from absl import app"),
    ]
    parse, mark = unmark(f"{head}«FLAGS._parse_flags»()\n")
    found = findings(parse)[2:]
    assert [(place(f), told(f)) for f in found] == [(mark, "FLAGS(sys.argv)")]
    assert hints(f"{head}FLAGS.__flags\n")[2:] == [("TF805", "FLAGS.flag_values_dict()")]


def test_absl_itself_is_fine() -> None:
    text = "from absl import app, flags, logging\nflags.DEFINE_string('a', '', '')\napp.run(main)\n"
    assert codes(TF + text) == []


# TF806.

FILES = {
    "tf.gfile.Exists(filename=p)": "tf.io.gfile.exists(path=p)",
    "tf.gfile.Open(p, 'w')": "tf.io.gfile.GFile(p, 'w')",
    "tf.gfile.GFile(name=p)": "tf.io.gfile.GFile(name=p)",
    "tf.gfile.ListDirectory(d)": "tf.io.gfile.listdir(d)",
    "tf.gfile.MakeDirs(dirname=d)": "tf.io.gfile.makedirs(path=d)",
    "tf.gfile.DeleteRecursively(d)": "tf.io.gfile.rmtree(d)",
    "tf.gfile.IsDirectory(d)": "tf.io.gfile.isdir(d)",
    "tf.gfile.Rename(oldname=a, newname=b, overwrite=True)": (
        "tf.io.gfile.rename(src=a, dst=b, overwrite=True)"
    ),
    "tf.gfile.Copy(a, newpath=b)": "tf.io.gfile.copy(a, dst=b)",
    "tf.gfile.Glob(filename=p)": "tf.io.gfile.glob(pattern=p)",
    "tf.gfile.Walk(d, in_order=False)": "tf.io.gfile.walk(d, topdown=False)",
    "tf.gfile.Remove": "tf.io.gfile.remove",
    "tf.gfile.Stat(*a)": "tf.io.gfile.stat",
    "tf.python_io.TFRecordWriter(p, options=o)": "tf.io.TFRecordWriter(p, options=o)",
    "tf.python_io.TFRecordOptions(compression_type='GZIP')": (
        "tf.io.TFRecordOptions(compression_type='GZIP')"
    ),
    "tf.io.tf_record_iterator(p, o)": (
        "tf.data.TFRecordDataset(p, compression_type=...), and record.numpy() of each record"
    ),
    "tf.resource_loader.get_path_to_datafile(p)": (
        "importlib.resources, or pathlib, for files of your own package"
    ),
}


@pytest.mark.parametrize("target", ["2.0", "2.15", "2.21"])
@pytest.mark.parametrize("call", FILES)
def test_files(call: str, target: str) -> None:
    assert hints(f"{TF}x = {call}\n", target_version=target) == [("TF806", FILES[call])]


@pytest.mark.parametrize(
    ("target", "hint"),
    [
        ("2.0", "tf.data.TFRecordDataset(p), and record.numpy() of each record"),
        ("2.21", "tf.data.TFRecordDataset(p).as_numpy_iterator()"),
    ],
)
def test_records(target: str, hint: str) -> None:
    text = f"{TF}x = tf.python_io.tf_record_iterator(path=p)\n"
    assert hints(text, target_version=target) == [("TF806", hint)]


def test_compression_types_are_strings() -> None:
    kind = "tf.python_io.TFRecordCompressionType"
    text = f"{TF}o = tf.python_io.TFRecordOptions({kind}.GZIP)\n"
    assert hints(text) == [
        ("TF806", 'tf.io.TFRecordOptions(compression_type="GZIP")'), ("TF806", '"GZIP"'),
    ]  # fmt: skip
    assert hints(f"{TF}{kind}.NONE\n") == [("TF806", '""')]


def test_other_names_of_the_modules() -> None:
    text = "from tensorflow import gfile\ngfile.Exists(p)\n"
    assert hints(text) == [
        ("TF806", "tf.io.gfile, with lower-case names of functions"),
        ("TF806", "tf.io.gfile.exists(p)"),
    ]
    assert codes(f"{TF}io = tf.python_io\nio.TFRecordWriter(p)\n") == ["TF806", "TF806"]
    assert codes(f"{TF}tf.io.gfile.exists(p)\ntf.io.TFRecordWriter(p)\n") == []


# TF812.

PATHS = {
    "model.save_weights(«'ckpt'»)": True,
    "model.save_weights(os.path.join(d, 'a.weights.h5'))": False,
    "model.save_weights(«d + '/ckpt'»)": True,
    "model.save_weights(path)": False,
    "model.save_weights('a%s' % end)": False,
    "model.save_weights(«'a-%d' % step»)": True,
    "model.save_weights('a{}'.format(end))": False,
    "model.save_weights(f'{d}/{name}')": False,
    "model.save_weights(filepath=«f'{d}/ckpt'»)": True,
    "model.load_weights(«'a.ckpt'»)": True,
    "model.load_weights('a.h5')": False,
    "model.save(«'dir'»)": True,
    "model.save('a.h5')": False,
    "tf.keras.callbacks.ModelCheckpoint(«'ck-{epoch}'»)": True,
    "tf.keras.callbacks.ModelCheckpoint(«'a.hdf5'»)": True,
    "tf.keras.callbacks.ModelCheckpoint('a.h5')": False,
    "tf.keras.callbacks.ModelCheckpoint(«'a.h5'», save_weights_only=True)": True,
    "tf.keras.callbacks.ModelCheckpoint('a.h5', save_weights_only=w)": False,
    "tf.keras.callbacks.ModelCheckpoint('a.keras', «period=2»)": True,
    "tf.keras.models.save_model(model, «'dir'»)": True,
    "tf.keras.models.load_model(«'dir'»)": True,
    "tf.keras.models.load_model('a.keras')": False,
}


@pytest.mark.parametrize("line", PATHS)
def test_names_of_keras_files(line: str) -> None:
    text, mark = unmark(f"{TF}import os\nmodel = tf.keras.Sequential([])\n{line}\n")
    found = [(f.code, place(f)) for f in findings(text)]
    assert found == ([("TF812", mark)] if PATHS[line] else [])
    assert codes(text, target_version="2.15") == []


def test_keras_models_of_this_module_and_unknown_ones() -> None:
    own = f"{TF}class M(tf.keras.Model):\n    def keep(self):\n        self.save_weights('a')\n"
    assert codes(own) == ["TF812"]
    unknown = f"{TF}def f(model):\n    model.save_weights('a')\n    model.save('dir')\n"
    assert [(f.code, f.line, f.confidence) for f in findings(unknown)] == [("TF812", 3, "low")]
