"""What the programs of analysis/ share: what they need is told, and what goes wrong is one line with its mend."""
import importlib.util
import sys

# Module -> the package of Debian that has it.
PACKAGES = {"h5py": "python3-h5py", "numpy": "python3-numpy", "PIL": "python3-pil", "pandas": "python3-pandas",
            "matplotlib": "python3-matplotlib", "jinja2": "python3-jinja2"}


class UserError(Exception):
    """What a user can mend: the problem, its reason and what to do, in one line."""


def require_modules(*names):
    """Without any import, so that a Python that lacks all of them can say so."""
    missing = [name for name in names if importlib.util.find_spec(name) is None]
    if missing:
        raise UserError(f"{sys.executable} lacks {', '.join(missing)}; install "
                        f"{' '.join(PACKAGES[name] for name in missing)}, or take another Python (`patchead report --python FILE`)")


def run(program, main):
    """Calls `main`; ends with 1 and one line if a user can mend what went wrong."""
    try:
        main()
    except UserError as error:
        sys.exit(f"{program}: {error}")
    except BrokenPipeError:  # `| head`
        sys.stderr.close()
        sys.exit(1)
    except OSError as error:
        where = f"'{error.filename}'" if error.filename else "a file"
        sys.exit(f"{program}: cannot read or write {where} ({error.strerror or error}); mend that and run it again")
