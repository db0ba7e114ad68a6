"""Names of TensorFlow that go together; each group is said here and nowhere else."""

from __future__ import annotations

from tf2lint.tensorflow.api import all_names

# Ops that give variables and tables their first values: those of all variables, of the local
# ones, of those that are listed, and of the tables.
INITIALIZE_GLOBALS = all_names("tf.global_variables_initializer", "tf.initialize_all_variables")
INITIALIZE_LOCALS = all_names("tf.local_variables_initializer", "tf.initialize_local_variables")
INITIALIZE_SOME = all_names("tf.variables_initializer", "tf.initialize_variables")
INITIALIZE_TABLES = all_names("tf.tables_initializer", "tf.initialize_all_tables")
INITIALIZE_ALL = frozenset({*INITIALIZE_GLOBALS, *INITIALIZE_LOCALS, *INITIALIZE_TABLES})
INITIALIZERS = INITIALIZE_ALL.union(INITIALIZE_SOME)

TEST_SESSION = "tf.test.Session"  # no public class: what test cases give, also in TF 2

# Classes of sessions; what else gives one when it is called.
PLAIN_SESSIONS = ("tf.Session", "tf.InteractiveSession")
MONITORED_SESSIONS = ("tf.train.MonitoredSession", "tf.train.SingularMonitoredSession")
SESSIONS = (*PLAIN_SESSIONS, *MONITORED_SESSIONS, TEST_SESSION)
OPENS_SESSION = frozenset({
    *PLAIN_SESSIONS, *MONITORED_SESSIONS, "tf.train.MonitoredTrainingSession",
    "tf.train.Supervisor",
})  # fmt: skip
MODELS = ("tf.keras.Model", "tf.keras.Sequential", "tf.keras.models.Model",
          "tf.keras.models.Sequential")  # fmt: skip
