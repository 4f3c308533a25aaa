"""Say in one sentence when this Python, or the folder, cannot carry Jaring. Runs on any Python 3."""

import importlib.util
import os
import shutil
import sys

NEEDED_FREE_BYTES = 2 * 1024**3  # the environment takes about 1 GB; the rest is for the database


def complaint():
    """Return what is wrong with this machine, or None."""
    if sys.version_info < (3, 11):
        return "Jaring membutuhkan Python 3.11 atau lebih baru; yang ini %d.%d. Pasang lalu jalankan: make up PYTHON=python3.11" % (
            sys.version_info[:2]
        )
    if importlib.util.find_spec("ensurepip") is None:
        return "Modul venv belum lengkap. Jalankan: sudo apt-get install python3-venv"
    if not os.access(".", os.W_OK):
        return "Folder %s tidak dapat ditulisi. Pindah ke folder milik Anda atau perbaiki izinnya." % os.getcwd()
    if shutil.disk_usage(".").free < NEEDED_FREE_BYTES:
        return "Sisa disk kurang dari 2 GB di %s. Kosongkan dahulu, lalu ulangi." % os.getcwd()
    return None


if __name__ == "__main__":
    message = complaint()
    if message:
        sys.exit(message)
