"""What of TensorFlow 1 has its meaning in a graph alone: eager execution has nothing like it."""

from __future__ import annotations

from functools import cache

from tf2lint.tensorflow import api, paths
from tf2lint.tensorflow.groups import INITIALIZERS, PLAIN_SESSIONS

# A module that refers to one of these is written for a graph, whatever else becomes TF 2 in it.
STAYS = (
    "tf.Graph", "tf.get_default_graph", "tf.get_default_session", "tf.import_graph_def",
    "tf.disable_eager_execution", "tf.disable_v2_behavior", "tf.placeholder", "tf.estimator",
    "tf.placeholder_with_default", "tf.sparse_placeholder", "tf.sparse.placeholder",
    "tf.train.MonitoredSession", "tf.train.MonitoredTrainingSession", "tf.train.Supervisor",
    "tf.train.SingularMonitoredSession", "tf.train.Scaffold", "tf.contrib",
)  # fmt: skip

NEEDS = frozenset({
    *STAYS, *PLAIN_SESSIONS, *INITIALIZERS,
    # More of sessions and what runs them.
    "tf.report_uninitialized_variables", "tf.is_variable_initialized",
    "tf.assert_variables_initialized", "tf.train.SessionRunHook", "tf.train.SessionRunArgs",
    "tf.train.CheckpointSaverHook", "tf.train.FeedFnHook", "tf.train.FinalOpsHook",
    "tf.train.GlobalStepWaiterHook", "tf.train.LoggingTensorHook", "tf.train.NanTensorHook",
    "tf.train.ProfilerHook", "tf.train.SecondOrStepTimer", "tf.train.StepCounterHook",
    "tf.train.StopAtStepHook", "tf.train.SummarySaverHook", "tf.train.SessionManager",
    "tf.train.ChiefSessionCreator", "tf.train.WorkerSessionCreator", "tf.train.Saver",
    "tf.train.LooperThread", "tf.train.SyncReplicasOptimizer",
    "tf.train.replica_device_setter", "tf.train.import_meta_graph",
    "tf.train.export_meta_graph", "tf.train.init_from_checkpoint", "tf.train.warm_start",
    "tf.saved_model.Builder", "tf.saved_model.builder", "tf.saved_model.simple_save",
    "tf.saved_model.loader", "tf.saved_model.signature_def_utils",
    "tf.saved_model.main_op", "tf.graph_util", "tf.train.write_graph", "tf.io.write_graph",
    "tf.GraphDef", "tf.MetaGraphDef", "tf.add_check_numerics_ops",
    # Variables that are found by their names, and collections.
    "tf.get_variable", "tf.get_local_variable", "tf.variable_scope", "tf.variable_op_scope",
    "tf.get_variable_scope", "tf.VariableScope", "tf.AUTO_REUSE", "tf.make_template",
    "tf.global_variables", "tf.all_variables", "tf.local_variables", "tf.model_variables",
    "tf.moving_average_variables", "tf.trainable_variables", "tf.get_collection",
    "tf.get_collection_ref", "tf.add_to_collection", "tf.add_to_collections", "tf.GraphKeys",
    "tf.losses.get_losses", "tf.losses.get_total_loss", "tf.losses.get_regularization_loss",
    "tf.losses.get_regularization_losses", "tf.train.get_global_step", "tf.train.global_step",
    "tf.train.create_global_step", "tf.train.get_or_create_global_step", "tf.layers",
    "tf.nn.rnn_cell", "tf.nn.dynamic_rnn", "tf.nn.static_rnn", "tf.nn.raw_rnn",
    "tf.nn.bidirectional_dynamic_rnn", "tf.nn.static_bidirectional_rnn",
    "tf.nn.static_state_saving_rnn", "tf.metrics", "tf.summary.merge", "tf.summary.merge_all",
    "tf.summary.all_v2_summary_ops", "tf.summary.FileWriter", "tf.summary.FileWriterCache",
    # Gradients of tensors that remember how they were made.
    "tf.gradients", "tf.hessians",
    # Iterators that a session begins, and queues.
    "tf.data.make_initializable_iterator", "tf.data.make_one_shot_iterator",
    "tf.data.Iterator.from_structure", "tf.data.Iterator.from_string_handle",
    "tf.train.QueueRunner", "tf.train.add_queue_runner", "tf.train.start_queue_runners",
    "tf.train.queue_runner", "tf.train.input_producer", "tf.train.string_input_producer",
    "tf.train.range_input_producer", "tf.train.slice_input_producer", "tf.train.batch",
    "tf.train.batch_join", "tf.train.maybe_batch", "tf.train.maybe_batch_join",
    "tf.train.shuffle_batch", "tf.train.shuffle_batch_join", "tf.train.maybe_shuffle_batch",
    "tf.train.maybe_shuffle_batch_join", "tf.train.limit_epochs", "tf.QueueBase",
    "tf.FIFOQueue", "tf.PaddingFIFOQueue", "tf.PriorityQueue", "tf.RandomShuffleQueue",
    "tf.queue", "tf.ReaderBase", "tf.TextLineReader", "tf.WholeFileReader",
    "tf.TFRecordReader", "tf.FixedLengthRecordReader", "tf.IdentityReader", "tf.LMDBReader",
    # tf.keras on a session.
    "tf.keras.backend.get_session", "tf.keras.backend.set_session",
    "tf.keras.backend.function", "tf.keras.backend.placeholder",
    "tf.keras.backend.gradients", "tf.keras.backend.learning_phase",
})  # fmt: skip

# Methods, whatever object they are called on: what has them is run by a session or fed to one.
METHODS = frozenset({
    "eval", "run", "initializer", "initialized_value", "compute_gradients", "minimize",
    "make_initializable_iterator", "make_one_shot_iterator", "add_summary", "add_graph",
    "as_graph_def", "test_session",
})  # fmt: skip


@cache
def needed_by(symbol: str) -> bool:
    """Whether `symbol`, or what it is a part of, has its meaning in a graph alone."""
    if not symbol:
        return False
    if not NEEDS.isdisjoint(api.all_names(symbol)):
        return True
    return needed_by(symbol.rpartition(".")[0])


def keeps(symbol: str) -> bool:
    """Whether `symbol` shows that its module is to stay in a graph."""
    return any(paths.under(symbol, top) for top in STAYS)
