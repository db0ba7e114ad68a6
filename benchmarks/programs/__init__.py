"""Programs of TF 1 that are run before they are fixed and after.

`programs.toml` names programs of public repositories, each at a commit; they are fetched and
never committed. `ways` makes a copy of the repositories for each way of fixing, with the steps of
the programs cut down (`shrink`) before anything else is done. `server` runs them, inside the
Python of a TensorFlow, with stand-ins for data that would be downloaded and for windows
(`stand_ins`), and with every random stream set from outside (`streams`), so that the numbers that
a program prints can be compared (`compare`). `page` writes RESULTS.md and a table of
docs/fixing.md.
"""
