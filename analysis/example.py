#!/usr/bin/env python3
"""How to go on from a sweep's results with pandas and h5py: copy what you need.

    example.py OUTPUT     OUTPUT: what was given to `patchead sweep --output`

docs/results.md tells what the columns are.
"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))  # For `python -I`, too.

from patchead_analysis.program import UserError, require_modules, run  # noqa: E402


def main():
    if len(sys.argv) != 2:
        raise UserError("give OUTPUT, what was given to `patchead sweep --output`")
    require_modules("h5py", "numpy", "pandas")
    output = pathlib.Path(sys.argv[1])
    for name in ("results.csv", "results.h5"):
        if not (output / name).exists():
            raise UserError(f"'{output / name}' is missing ('{output}' is no output folder of a whole sweep); check the "
                            "path, or run the sweep again")
    try:
        print_results(output)
    except BrokenPipeError:
        raise
    except (KeyError, OSError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise UserError(f"'{output}' holds a damaged file ({reason}); run the sweep again: it takes all from the store"
                        ) from error


def print_results(output):
    import h5py
    import numpy as np
    import pandas as pd

    # results.csv: one value a line. A pivot table is one call away. "NA" may be the name of a category.
    results = pd.read_csv(output / "results.csv", keep_default_na=False, na_values={"value": ["nan"]})
    image_auroc = results[results["metric"] == "I-AUROC"]
    print("I-AUROC in percent, mean over seeds:")
    rows = ["dataset", "category", "backbone", "image_size", "shots"]
    print((100 * image_auroc.pivot_table(index=rows, columns="modules", values="value")).round(1).to_string(), "\n")

    # Mean and spread as the tables have them: first over the categories of each seed, then over the seeds.
    configuration = ["dataset", "backbone", "image_size", "setting", "shots", "modules"]
    by_seed = image_auroc.groupby([*configuration, "seed"])["value"].mean()
    summary = by_seed.groupby(level=list(range(6))).agg(["mean", lambda values: values.std(ddof=0), "count"])
    print((summary.set_axis(["mean", "std", "seeds"], axis=1)).to_string(float_format="{:.4f}".format), "\n")

    def frame(group):
        """A group of columns as a DataFrame; texts are stored as UTF-8 of fixed length."""
        columns = {name: column[...] for name, column in group.items()}
        return pd.DataFrame({name: np.char.decode(values, "utf-8") if values.dtype.kind == "S" else values
                             for name, values in columns.items()})

    # results.h5: the scores of all images, here the normal images that score highest at the first point.
    with h5py.File(output / "results.h5") as file:
        points, images, scores = (frame(file[name]) for name in ("points", "images", "scores"))
        print("made by revision", file.attrs["git_revision"].decode(), "\n")
    scores = scores.join(images, on="image").join(points.drop(columns="dataset"), on="point")
    first = scores[(scores.point == 0) & (scores.anomalous == 0)]
    print("normal images with the highest scores at the first point:")
    print(first.nlargest(3, "score")[["category", "id", "score"]].to_string(index=False), "\n")

    # maps/: patch scores, where the sweep recorded them (--maps).
    for path in sorted(output.glob("maps/*/*/*.h5")):
        if path.name == "images.h5":
            continue
        with h5py.File(path) as file:
            shape = (-1, file["point/grid_rows"][0], file["point/grid_cols"][0])
            patches = file["patches/score"][...].reshape(shape)
            image = file["images/id"][patches.max(axis=(1, 2)).argmax()].decode()
        row, col = np.unravel_index(patches.max(axis=0).argmax(), patches.shape[1:])
        print(f"{path.relative_to(output)}: maps of {len(patches)} image{'s' * (len(patches) != 1)}, the hottest patch "
              f"is in {image}, row {row}, column {col}")


if __name__ == "__main__":
    run("example", main)
