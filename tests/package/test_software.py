"""The hash of the software's own text: of what is written, not of where it lies or what is compiled of it."""

import shutil
from pathlib import Path

import borderstats
from borderstats.package import software

OURS = Path(borderstats.__file__).parent


def test_it_does_not_depend_on_where_the_software_lies_or_on_what_is_compiled(tmp_path):
    copy = shutil.copytree(OURS, tmp_path / "elsewhere", ignore=shutil.ignore_patterns("*.so", "__pycache__"))
    assert software.digest(copy) == software.source()
    (copy / "__pycache__").mkdir()
    (copy / "__pycache__/cli.cpython-311.pyc").write_bytes(b"?")
    (copy / "protect/moves.cpython-311.so").write_bytes(b"?")
    (copy / "protect/moves.c").write_text("?")
    assert software.digest(copy) == software.source()


def test_every_text_that_is_not_compiled_is_in_it(tmp_path):
    copy = shutil.copytree(OURS, tmp_path / "elsewhere")
    known = {software.digest(copy)}
    texts = (
        "pipeline.py",
        "protect/moves.pyx",
        "words/locale/en.po",
        "site/templates/base.html",
        "site/site.css",
    )
    for name in texts:
        (copy / name).write_bytes((copy / name).read_bytes() + b"\n")
        known.add(software.digest(copy))
    (copy / "pipeline.py").rename(copy / "path.py")
    assert len({*known, software.digest(copy)}) == len(texts) + 2
