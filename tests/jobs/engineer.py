"""What a quality engineer has: some good photos, and a heap of new ones as cameras and phones write them. Whether
they show defects is known here only."""

import dataclasses
import pathlib
import random

from PIL import Image

KINDS = (".jpg", ".png", ".bmp", ".tiff", ".JPG", ".tif", ".jpeg")  # By turns.
ORIENTATION = 0x0112  # EXIF; 6: to be seen upright, turn it by 90 degrees clockwise.


@dataclasses.dataclass
class Job:
    """Folders `normal` and `images`, and what of the latter is what."""
    normal: pathlib.Path
    images: pathlib.Path
    labels: dict = dataclasses.field(default_factory=dict)   # Name -> 1 if it shows a defect, else 0.
    sizes: dict = dataclasses.field(default_factory=dict)    # Name -> (width, height), upright.
    turned: str = ""  # Lies on its side and says so by EXIF;
    twin: str = ""    # the same photo, upright.
    broken: str = ""
    unread: str = ""  # Of a kind that is named, not read.


def by_name(records):
    """File name -> the record of that file."""
    return {pathlib.PurePath(record["path"]).name: record for record in records}


def evenly(items, count):
    """`count` of them, from all over; all if there are fewer."""
    return items if count is None or count >= len(items) else [items[i * len(items) // count] for i in range(count)]


def photos(folder):
    return sorted(path for path in folder.iterdir() if path.suffix.lower() in (".png", ".jpg", ".jpeg"))


def save(image, path, **options):
    """JPEG as cameras write it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    image.save(path, **({"quality": 95, "subsampling": 0} if path.suffix.lower() in (".jpg", ".jpeg") else {}), **options)


def odd(image, number):
    """No two cameras agree on a size."""
    width, height = image.size
    return image.resize((width - number % 3, height + number % 4 - 1), Image.LANCZOS)


def make_job(source, folder, normals=8, good=None, defects=None, seed=0):
    """Of a category in MVTec's layout. `good` and `defects`: so many of its test photos, all if None.

    Good photos are drawn by `seed`; of the others formats and sizes go by turns, so that they say nothing about labels."""
    job = Job(folder / "normal", folder / "new")
    draw = random.Random(seed)
    for number, path in enumerate(draw.sample(photos(source / "train/good"), normals)):
        save(odd(Image.open(path), number), job.normal / f"good_{number}{KINDS[number % len(KINDS)]}")
    kinds = [kind for kind in sorted((source / "test").iterdir()) if kind.name != "good"]
    chosen = [(path, 0) for path in evenly(photos(source / "test/good"), good)]
    chosen += [(path, 1) for path in evenly([path for kind in kinds for path in photos(kind)], defects)]
    draw.shuffle(chosen)
    for number, (path, label) in enumerate(chosen):
        add(job, f"photo {number:03}{KINDS[number % len(KINDS)]}", odd(Image.open(path), number), label)
    return job


def add(job, name, image, label):
    save(image, job.images / name)
    job.labels[name], job.sizes[name] = label, image.size


def add_oddities(job, source):
    """One .webp, one turned by EXIF beside its upright twin, one broken, one of a kind that nothing here reads."""
    first, second = photos(source / "test/good")[:2]
    add(job, "from the web.webp", Image.open(first), 0)
    image = Image.open(second)
    image = image.crop((0, image.height // 8, image.width, image.height - image.height // 8))  # Wide, so that a turn shows.
    job.twin, job.turned = "upright.png", "phone.jpg"
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    save(image.transpose(Image.ROTATE_90), job.images / job.turned, exif=exif)
    add(job, job.twin, Image.open(job.images / job.turned).transpose(Image.ROTATE_270), 0)  # The same pixels.
    job.labels[job.turned], job.sizes[job.turned] = 0, image.size
    job.broken, job.unread = "half.jpg", "phone.heic"
    whole = next(path for path in sorted(job.images.glob("*.jpg")) if path.name != job.turned).read_bytes()
    (job.images / job.broken).write_bytes(whole[:len(whole) // 3])
    (job.images / job.unread).write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic")
    return job
