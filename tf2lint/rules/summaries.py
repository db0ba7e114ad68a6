"""TF1: summaries and TensorBoard."""

from __future__ import annotations

from tf2lint.finding import Example
from tf2lint.reference import Reference, Report
from tf2lint.registry import Family

family = Family("TF1", "Summaries and TensorBoard")

merge_all = family.rule(
    "TF101",
    "summary-merge-all",
    "W",
    summary="tf.summary.merge_all and merge have no TF 2 form: summary ops write as they run",
    page="""\
`tf.summary.merge_all()` collected the summary ops of a graph into one op for a session to
run. TF 2 has no collections and no session: `tf.summary.scalar(name, value, step=step)` writes
at once to the default writer, so there is nothing left to merge. Under eager execution
`tf.compat.v1.summary.merge_all()` finds an empty collection and returns `None`.

Delete the call, and write the summaries inside `with writer.as_default():`.""",
    examples=[
        Example(
            bad="""\
import tensorflow as tf

merged = «tf.summary.merge_all»()
""",
            good="""\
import tensorflow as tf

writer = tf.summary.create_file_writer("logs")
with writer.as_default():
    tf.summary.scalar("loss", 0.5, step=1)
""",
        ),
    ],
    sources=["https://www.tensorflow.org/tensorboard/migrate"],
)


@merge_all.on("tf.summary.merge_all", "tf.summary.merge", "tf.merge_all_summaries", "tf.merge_summary")
def _merge_all(ref: Reference) -> Report:
    return ref.report(
        ref.say("tf.summary.scalar(name, value, step=step) under writer.as_default(), and no merge")
    )
