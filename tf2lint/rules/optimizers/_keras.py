"""What the rules on Keras optimizers share."""

from __future__ import annotations

from tf2lint.check.advice import Advice, advised, delete, use
from tf2lint.check.reference import Reference
from tf2lint.rules._calls import plain

NEW_KERAS = (2, 11)  # Keras 2 got the optimizers that Keras 3 has, more or less
SOURCES = ["https://keras.io/guides/migrating_to_keras_3/", "https://keras.io/api/optimizers/"]
HOMES = ("tf.keras.optimizers", "tf.optimizers")
MEMBERS: dict[str, Advice | str] = {
    "get_slot": "the entries of `{self}.variables`",
    "get_slot_names": use(
        "`[v.path for v in {self}.variables]`", "Each ends in the name of its slot"
    ),
    "get_weights": "[v.numpy() for v in {self}.variables]",
    "weights": "{self}.variables",
    "get_name": "{self}.name",
    "get_gradients": "`tape.gradient(loss, params)` under a tape",
    "get_updates": "{self}.apply_gradients(zip(grads, params))",
    "aggregate_gradients": "`all_reduce` of the replica context",
    "get_scaled_loss": "{self}.scale_loss(loss)",
    "get_unscaled_gradients": delete("it: `apply_gradients` unscales them"),
    "_create_all_weights": "{self}.build(variables)",
    "_decayed_lr": "{self}.learning_rate",
    "_get_hyper": "an attribute of your own, or `{self}.learning_rate`",
    "_set_hyper": "an attribute of your own, or `{self}.learning_rate`",
}


def instead(ref: Reference, name: str) -> Advice:
    """What takes the place of the member `name` of the optimizer at hand."""
    called_on_class = ref.call is not None and not ref.is_method and bool(ref.call.args)
    itself = ref.call.args[0] if called_on_class and ref.call is not None else ref.receiver
    receiver = plain(ref, itself, "optimizer")
    return advised(MEMBERS[name]).mapped(lambda text: text.replace("{self}", receiver))
