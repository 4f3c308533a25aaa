"""Say in one sentence when this Python, or the folder, cannot carry Jaring. Runs on any Python 3."""

import importlib.util
import os
import shutil
import sys

NEEDED_FREE_BYTES = 2 * 1024**3  # the environment takes about 1 GB; the rest is for the database
WANTED = (3, 11)


def complaint():  # noqa: ANN201  an older Python must be able to read this file and say so
    """Return what is wrong with this machine, or None."""
    here = os.getcwd()  # noqa: PTH109  as above
    if sys.version_info < WANTED:
        found = "%d.%d" % sys.version_info[:2]  # noqa: UP031  as above
        return "Jaring membutuhkan Python 3.11 ke atas; yang ini " + found + ". Jalankan: make up PYTHON=python3.11"
    if importlib.util.find_spec("ensurepip") is None:
        return "Modul venv belum lengkap. Jalankan: sudo apt-get install python3-venv"
    if not os.access(".", os.W_OK):
        return "Folder " + here + " tidak dapat ditulisi. Pindah ke folder milik Anda atau perbaiki izinnya."
    if shutil.disk_usage(".").free < NEEDED_FREE_BYTES:
        return "Sisa disk kurang dari 2 GB di " + here + ". Kosongkan dahulu, lalu ulangi."
    return None


if __name__ == "__main__":
    message = complaint()
    if message:
        sys.exit(message)
