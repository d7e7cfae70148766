"""A reader of Parquet's metadata that owes nothing to the writer: it finds
every page by the page index, checks its checksum and its header, and compares
its bounds and nulls with the values that pyarrow reads.
"""

import struct
import zlib

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq


class Thrift:
    """Thrift's compact protocol: structs as dicts from field id to value."""

    def __init__(self, data, at=0):
        self.data, self.at = data, at

    def varint(self):
        value = shift = 0
        while True:
            octet = self.data[self.at]
            self.at += 1
            value |= (octet & 0x7F) << shift
            shift += 7
            if octet < 0x80:
                return value

    def integer(self):
        value = self.varint()
        return value >> 1 ^ -(value & 1)

    def binary(self):
        size = self.varint()
        self.at += size
        return bytes(self.data[self.at - size:self.at])

    def items(self):
        octet = self.data[self.at]
        self.at += 1
        size = octet >> 4 if octet >> 4 < 15 else self.varint()
        if octet & 15 in (1, 2):
            self.at += size
            return [o == 1 for o in self.data[self.at - size:self.at]]
        return [self.value(octet & 15) for _ in range(size)]

    def value(self, kind):
        if kind in (1, 2):
            return kind == 1
        if kind == 3:
            self.at += 1
            return self.data[self.at - 1]
        readers = {4: self.integer, 5: self.integer, 6: self.integer,
                   8: self.binary, 9: self.items, 12: self.struct}
        return readers[kind]()

    def struct(self):
        fields, last = {}, 0
        while True:
            octet = self.data[self.at]
            self.at += 1
            if octet == 0:
                return fields
            last = last + (octet >> 4) if octet >> 4 else self.integer()
            fields[last] = self.value(octet & 15)


def plain(bound, kind):
    """A bound as pyarrow has it, of a leaf of physical type `kind`."""
    if kind == 6:
        return bound.decode("utf-8")
    return struct.unpack({0: "<?", 1: "<i", 2: "<q"}[kind], bound)[0]


def leaf_values(rows, path):
    """The values of a leaf in the table `rows`, and its nulls as counted in
    Parquet: with every list that is null or has no element."""
    column = rows.column(path[0]).combine_chunks()
    nulls = 0
    for name in path[1:]:
        if name == "list":
            sizes = pc.fill_null(pc.list_value_length(column), 0)
            nulls += pc.sum(pc.equal(sizes, 0)).as_py() or 0
            column = pc.list_flatten(column)
        elif name != "element":
            column = pc.struct_field(column, name)
    if pa.types.is_timestamp(column.type):
        column = column.cast(pa.int64())
    return pc.drop_null(column), nulls + column.null_count


def check_bounds(values, nulls, least, greatest, where):
    found, counted = values
    if nulls != counted:
        raise ValueError(f"{where}: {nulls} nulls, and there are {counted}")
    if len(found) == 0:
        if least is not None:
            raise ValueError(f"{where}: bounds without values")
        return
    real = pc.min_max(found.cast(pa.binary())
                      if pa.types.is_string(found.type) else found).as_py()
    if pa.types.is_string(found.type):
        least, greatest = least.encode(), greatest.encode()
        exact = max(map(len, real.values())) <= 64
        if max(len(least), len(greatest)) > 64:
            raise ValueError(f"{where}: bounds are not cut")
    else:
        exact = True
    right = least <= real["min"] and greatest >= real["max"]
    if not right or exact and (least, greatest) != tuple(real.values()):
        raise ValueError(f"{where}: bounds {least!r:.80}, {greatest!r:.80}; "
                         f"values {real!r:.160}")


def check_page(data, location, where):
    """The page at a location of the offset index: its header and checksum.
    Returns where it ends."""
    header = Thrift(data, location[1])
    page = header.struct()
    body = data[header.at:header.at + page[3]]
    if header.at + page[3] != location[1] + location[2]:
        raise ValueError(f"{where}: the index gives another length")
    if zlib.crc32(body) != page[4] & 0xFFFFFFFF:
        raise ValueError(f"{where}: wrong checksum")
    if page[1] != 0:
        raise ValueError(f"{where}: not a data page")
    return header.at + page[3]


def check_chunk(data, chunk, rows, where):
    """Every page of a column chunk. Returns how many there are."""
    meta = chunk[3]
    pages = Thrift(data, chunk[4]).struct()[1]
    index = Thrift(data, chunk[6]).struct()
    path = [name.decode() for name in meta[3]]
    start = meta.get(11, meta[9])
    if 11 in meta and meta[11] >= meta[9]:
        raise ValueError(f"{where}: the dictionary is behind the data")
    if pages[0][1] != meta[9] or pages[0][3] != 0:
        raise ValueError(f"{where}: the first page is elsewhere")
    for i, location in enumerate(pages):
        here = f"{where} page {i}"
        end = check_page(data, location, here)
        last = i + 1 == len(pages)
        next_row = rows.num_rows if last else pages[i + 1][3]
        expected = start + meta[7] if last else pages[i + 1][1]
        if end != expected:
            raise ValueError(f"{here}: a gap after it")
        if index[1][i] and (index[2][i] or index[3][i]):
            raise ValueError(f"{here}: a page of nulls has bounds")
        least = None if index[1][i] else plain(index[2][i], meta[1])
        greatest = None if index[1][i] else plain(index[3][i], meta[1])
        part = rows.slice(location[3], next_row - location[3])
        check_bounds(leaf_values(part, path), index[5][i], least, greatest,
                     here)
    statistics = meta[12]
    check_bounds(leaf_values(rows, path), statistics[3],
                 plain(statistics[6], meta[1]) if 6 in statistics else None,
                 plain(statistics[5], meta[1]) if 5 in statistics else None,
                 where)
    return len(pages)


def check_file(path):
    """Checks all pages of the file. Returns how many there are."""
    with open(path, "rb") as file:
        data = memoryview(file.read())
    if data[:4] != b"PAR1" or data[-4:] != b"PAR1":
        raise ValueError(f"{path}: no magic number")
    size = struct.unpack("<I", data[-8:-4])[0]
    footer = Thrift(data, len(data) - 8 - size)
    meta = footer.struct()
    if footer.at != len(data) - 8:
        raise ValueError(f"{path}: the footer is not as long as it says")
    reader = pq.ParquetFile(path, page_checksum_verification=True)
    pages = 0
    for number, group in enumerate(meta[4]):
        rows = reader.read_row_group(number)
        for chunk in group[1]:
            name = b".".join(chunk[3][3]).decode()
            pages += check_chunk(data, chunk, rows,
                                 f"{path}: group {number}, {name}:")
    return pages
