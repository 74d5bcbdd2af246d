#!/usr/bin/python3
"""A results file opens without help in h5py, netCDF4, xarray, ncdump and h5dump, with labelled axes, units and CF time.

interop.py [FILE]   Without FILE, the sample of sample_results is taken (found beside the program that $HBM names), and
                    files of another make, with a right seal, are tried as well: they are refused by name. 77: nothing
                    to test with.
"""
import hashlib
import os
import pathlib
import subprocess
import sys
import tempfile
import warnings

import h5py
import netCDF4  # before warnings become errors: its import warns of numpy's version
import numpy as np
import xarray as xr

warnings.simplefilter("error")
LARGEST, SMALLEST = 1 << 20, 64 << 10
CHECKED = 0


def check(condition, what):
    global CHECKED
    CHECKED += 1
    if not condition:
        sys.exit(f"interop.py: {what}")


def text(value):
    return value.decode("utf-8") if isinstance(value, bytes) else value


def is_scale(dataset):
    return text(dataset.attrs.get("CLASS", b"")) == "DIMENSION_SCALE"


def groups_of(file):
    """Paths of groups with results, the root's first."""
    found = [""]
    file.visititems(lambda name, item: found.append(name)
                    if isinstance(item, h5py.Group) and name != "provenance" else None)
    return found


def check_storage(name, dataset):
    check(not dataset.is_virtual and dataset.dtype.kind != "V", f"{name}: virtual or compound")
    if h5py.check_string_dtype(dataset.dtype) is not None:
        check(h5py.check_string_dtype(dataset.dtype).encoding == "utf-8", f"{name}: strings are not UTF-8")
        return
    check(dataset.dtype in (np.dtype("<i8"), np.dtype("<f8")), f"{name}: {dataset.dtype}")
    if dataset.shape == ():
        return
    check(dataset.compression == "gzip" and dataset.shuffle and dataset.fletcher32, f"{name}: filters")
    chunk = int(np.prod(dataset.chunks)) * dataset.dtype.itemsize
    check(chunk <= LARGEST, f"{name}: chunks of {chunk} bytes")
    check(chunk >= min(SMALLEST, dataset.nbytes), f"{name}: chunks of {chunk} bytes")


def check_dataset(name, dataset):
    check_storage(name, dataset)
    check(dataset.id.get_create_plist().get_attr_creation_order() & h5py.h5p.CRT_ORDER_TRACKED,
          f"{name}: order of attributes")
    check("long_name" in dataset.attrs, f"{name}: no long_name")
    if is_scale(dataset):
        check(dataset.ndim == 1, f"{name}: a scale of {dataset.ndim} dimensions")
        return
    check("units" in dataset.attrs, f"{name}: no units")
    if dataset.dtype.kind == "f":
        check(np.isnan(dataset.attrs["_FillValue"]) and np.isnan(dataset.fillvalue), f"{name}: _FillValue is not NaN")
    for i, dimension in enumerate(dataset.dims):
        check(len(dimension) == 1, f"{name}: {len(dimension)} scales on axis {i}")
        scale = dimension[0]
        check(scale.parent == dataset.parent, f"{name}: the scale of axis {i} is in another group")
        check(scale.shape == (dataset.shape[i],), f"{name}: the scale of axis {i} has another size")


def check_h5py(path):
    with h5py.File(path, "r") as file:
        check(text(file.attrs["Conventions"]) == "CF-1.8", "Conventions")
        check(file.attrs["format_version"] == 1, "format_version")
        check(len(text(file.attrs["results_sha256"])) == 64, "results_sha256")
        for group in groups_of(file):
            here = file[group or "/"]
            order = here.id.get_create_plist().get_link_creation_order()
            check(order & h5py.h5p.CRT_ORDER_TRACKED, f"{group}: creation order is not tracked")
            for name, item in here.items():
                if isinstance(item, h5py.Dataset):
                    check_dataset(f"{group}/{name}", item)
        for name, item in file.get("provenance", {}).items():
            check(item.shape == () and item.asstr()[()] is not None, f"provenance/{name}")
        return groups_of(file)


def check_netcdf(path, groups):
    with netCDF4.Dataset(path) as file:
        check(file.Conventions == "CF-1.8", "netCDF4: Conventions")
        for group in groups:
            here = file[group] if group else file
            for name, variable in here.variables.items():
                check(not any(d.startswith("phony") for d in variable.dimensions),
                      f"netCDF4: {group}/{name} has nameless axes")
                check(all(d in here.dimensions for d in variable.dimensions),
                      f"netCDF4: {group}/{name} has axes of other groups")
                variable[...]


def check_xarray(path, groups):
    for group in groups:
        with (xr.open_dataset(path, group=group) if group else xr.open_dataset(path)) as data:
            data.load()
            check(all(d in data.coords for d in data.dims), f"xarray: {group} has axes without coordinates")
            for name, values in data.variables.items():
                if "time" == values.attrs.get("standard_name"):
                    check(values.dtype.kind == "M", f"xarray: {group}/{name} is no time")
                    check(values.attrs.get("axis") == "T", f"xarray: {group}/{name}: axis")
                else:
                    check(values.dtype.kind in "ifOU", f"xarray: {group}/{name} became {values.dtype}")


def check_tools(path, groups):
    header = subprocess.run(["ncdump", "-h", path], capture_output=True, text=True, check=True).stdout
    check("phony_dim" not in header, "ncdump: nameless dimensions")
    for group in groups:
        check(not group or f"group: {group.split('/')[-1]} {{" in header, f"ncdump: {group} is missing")
    subprocess.run(["ncdump", path], stdout=subprocess.DEVNULL, check=True)
    subprocess.run(["h5dump", "-o", os.devnull, path], stdout=subprocess.DEVNULL, check=True)
    if importable("h5netcdf"):
        for group in groups:
            xr.open_dataset(path, group=group or None, engine="h5netcdf").load()


def importable(module):
    try:
        __import__(module)
    except ImportError:
        return False
    return True


def check_sample(path):
    """What the sample holds (tests/support/store_sample.c)."""
    queue = xr.open_dataset(path, group="queue")
    check(queue.people_waiting.dims == ("time", "station", "class"), "sample: axes")
    check(list(queue.station.values) == ["Bridge: entry check", "Übergang Süd", "Медика", "国境"], "sample: labels")
    check(queue.time.values[0] == np.datetime64("2031-02-28T23:00"), "sample: time is not converted to UTC")
    check(
        abs(float(queue.delay.sel(station="Медика", quantile=0.9)) - (1 + 1 / 7)) < 1e-12,
        "sample: a value by its labels")
    check(np.isnan(queue.delay.values[-1, -1]) and queue.delay.attrs["units"] == "s", "sample: delay")
    check(int(queue.crossings) == -(2**63) + 1, "sample: crossings")
    check(xr.open_dataset(path).attrs["title"] == "Two posts on the river – пример", "sample: title")
    scenario = xr.open_dataset(path, group="provenance")["scenario_two posts.yaml"]
    check(
        len(str(scenario.values)) > 64 << 10 and scenario.attrs["long_name"] == "scenario/two posts.yaml",
        "sample: long text")
    with h5py.File(path, "r") as file:
        check(
            list(file["queue"]) == ["time", "station", "class", "people_waiting", "quantile", "delay", "crossings"],
            "sample: order")


def seal(path):
    data = path.read_bytes()
    path.write_bytes(data + b"hbmseal1" + hashlib.sha256(data).hexdigest().encode() + b"\n")


def fixed(value):
    return np.bytes_(value)


def no_change(file):
    pass


def other_version(file):
    file.attrs["format_version"] = 2


def no_format(file):
    del file.attrs["format"]


def compound(file):
    file["queue/pair"] = np.zeros(3, dtype=[("a", "i8"), ("b", "f8")])


def no_scale(file):
    file["queue/bare"] = np.zeros(3)


def soft_link(file):
    file["queue/link"] = h5py.SoftLink("/queue/count")


def external_link(file):
    file["queue/link"] = h5py.ExternalLink("/etc/passwd", "/")


def small_integers(file):
    file["queue/small"] = np.int32(3)


def unsigned(file):
    file["queue/unsigned"] = np.uint64(3)


def named_type(file):
    file["queue/type"] = np.dtype("f8")


def six_axes(file):
    file["queue/six"] = np.zeros((1,) * 6)


def too_deep(file):
    file["a/b/c/d/e"] = np.int64(1)


def circle(file):
    file["queue/inner"] = file["queue"]


def no_values(file):
    file.create_dataset("queue/none", data=h5py.Empty("f8"))


def attribute_of_numbers(file):
    file.attrs["numbers"] = np.arange(3)


def text_without_name(file):
    file["provenance/scenario"] = "x"


def larger_than_possible(file):
    file.create_dataset("queue/large", shape=(), dtype="f8")
    file.create_dataset("queue/huge", shape=(1 << 50,), dtype="f8", chunks=(1 << 16,))


def other_size(file):
    file["queue/delay"] = np.zeros(4)
    file["queue/delay"].dims[0].attach_scale(file["queue/time"])


def check_foreign(reader, folder):
    """A minimal file as h5py makes it is read; with one thing that hbm does not write it is refused, and that thing is
    named."""
    cases = [(no_change, None), (other_version, "version 2"), (no_format, "format"), (compound, "queue/pair"),
             (no_scale, "queue/bare"), (soft_link, "queue/link"), (external_link, "queue/link"),
             (small_integers, "queue/small"), (unsigned, "queue/unsigned"), (named_type, "queue/type"),
             (six_axes, "queue/six"), (too_deep, "a/b/c/d"), (circle, "queue/inner"), (no_values, "queue/none"),
             (attribute_of_numbers, "numbers"), (text_without_name, "provenance/scenario"),
             (larger_than_possible, "queue/huge"), (other_size, "queue/delay")]
    for change, named in cases:
        path = folder / f"{change.__name__}.h5"
        with h5py.File(path, "w", track_order=True) as file:
            file.attrs["format"] = fixed("hbmsim results")
            file.attrs["format_version"] = np.int32(1)
            file.attrs["not_hashed"] = fixed("threads")
            queue = file.create_group("queue", track_order=True)
            queue["time"] = np.arange(3.0)
            queue["time"].make_scale("time")
            queue["count"] = np.arange(3)
            queue["count"].dims[0].attach_scale(queue["time"])
            change(file)
        seal(path)
        done = subprocess.run([reader, "read", path], capture_output=True, text=True)
        if named is None:
            check(done.returncode == 0, f"foreign: {done.stderr}")
        else:
            check(done.returncode == 1 and named in done.stderr and done.stderr.count("\n") == 1,
                  f"{change.__name__}: exit {done.returncode}: {done.stderr!r}")


def check_all(path):
    groups = check_h5py(path)
    check_netcdf(path, groups)
    check_xarray(path, groups)
    check_tools(path, groups)
    return groups


def main():
    if len(sys.argv) == 2:
        groups = check_all(sys.argv[1])
        print(f"{sys.argv[1]}: {len(groups)} groups, {CHECKED} checks passed")
        return
    tool = pathlib.Path(os.environ.get("HBM", "hbm")).parent / "tests" / "e2e_sample_results"
    tool = pathlib.Path(os.environ.get("HBM_SAMPLE_RESULTS", tool))
    if not tool.exists():
        print(f"skipped: {tool} is not built")
        sys.exit(77)
    with tempfile.TemporaryDirectory(dir=".") as name:
        for steps in (1, 100, 100000):
            path = os.path.join(name, f"sample-{steps}.h5")
            subprocess.run([tool, "write", path, str(steps), "1"], check=True)
            check_all(path)
            check_sample(path)
            subprocess.run([tool, "check", path, str(steps)], check=True)
        check_foreign(tool, pathlib.Path(name))
    print(f"{CHECKED} checks passed")


if __name__ == "__main__":
    main()
