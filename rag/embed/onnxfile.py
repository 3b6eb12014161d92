"""Write an ONNX file: the few messages that a static graph needs, encoded by hand.

ONNX Runtime comes with chromadb; the packages that usually make its files (onnx, onnxscript,
optimum) are 30 MB and more, for what is a handful of length-delimited records. Field numbers are
those of onnx.proto (ir_version 8); https://protobuf.dev/programming-guides/encoding/ has the wire
format.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

IR_VERSION = 8
OPSET = 17
MICROSOFT = "com.microsoft"
"""The domain of ONNX Runtime's fused operators."""

DATA_TYPES = {"float32": 1, "uint8": 2, "int8": 3, "int64": 7}
FLOAT_ATTRIBUTE, INT_ATTRIBUTE, INTS_ATTRIBUTE = 1, 2, 7

Attribute = int | float | Sequence[int]
Shape = Sequence[int | str]
"""Sizes of a tensor; a name stands for a size that changes from run to run."""


class Graph:
    """Collects constants and nodes; every value is known by its name."""

    def __init__(self) -> None:
        self._nodes: list[bytes] = []
        self._constants: list[bytes] = []

    def constant(self, name: str, array: npt.NDArray[Any]) -> str:
        """Store `array` under `name`, which must be new."""
        self._constants.append(
            b"".join(_field(1, size) for size in array.shape)
            + _field(2, DATA_TYPES[array.dtype.name])
            + _field(8, name)
            + _field(9, np.ascontiguousarray(array).tobytes())
        )
        return name

    def node(
        self, op: str, inputs: Sequence[str], *, domain: str = "", **attributes: Attribute
    ) -> str:
        """Add an operator with one output; returns the output's name. "" leaves an input out."""
        output = f"{op}_{len(self._nodes)}"
        self._nodes.append(
            b"".join(_field(1, name) for name in inputs)
            + _field(2, output)
            + _field(4, op)
            + b"".join(_field(5, _attribute(*item)) for item in attributes.items())
            + _field(7, domain)
        )
        return output

    def serialize(self, inputs: dict[str, Shape], outputs: dict[str, Shape]) -> bytes:
        """The whole file; all inputs and outputs are float32."""
        graph = (
            b"".join(_field(1, node) for node in self._nodes)
            + _field(2, "encoder")
            + b"".join(_field(5, constant) for constant in self._constants)
            + b"".join(_field(11, _float_value(*item)) for item in inputs.items())
            + b"".join(_field(12, _float_value(*item)) for item in outputs.items())
        )
        opsets = (("", OPSET), (MICROSOFT, 1))
        return (
            _field(1, IR_VERSION)
            + _field(7, graph)
            + b"".join(_field(8, _field(1, name) + _field(2, version)) for name, version in opsets)
        )


def _attribute(name: str, value: Attribute) -> bytes:
    if isinstance(value, int):
        content, kind = _field(3, value), INT_ATTRIBUTE
    elif isinstance(value, float):
        content, kind = _field(2, value), FLOAT_ATTRIBUTE
    else:
        content, kind = b"".join(_field(8, number) for number in value), INTS_ATTRIBUTE
    return _field(1, name) + content + _field(20, kind)


def _float_value(name: str, shape: Shape) -> bytes:
    sizes = b"".join(
        _field(1, _field(2, size) if isinstance(size, str) else _field(1, size)) for size in shape
    )
    tensor = _field(1, DATA_TYPES["float32"]) + _field(2, sizes)
    return _field(1, name) + _field(2, _field(1, tensor))


def _field(number: int, value: int | float | str | bytes) -> bytes:
    """One record: tag, then a varint, a 32-bit float or length-delimited bytes."""
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    if isinstance(value, float):
        return _varint(number << 3 | 5) + struct.pack("<f", value)
    content = value.encode("utf-8") if isinstance(value, str) else value
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _varint(value: int) -> bytes:
    value &= (1 << 64) - 1  # negative numbers are written as 64-bit two's complement
    encoded = bytearray()
    while value > 127:
        encoded.append(value & 127 | 128)
        value >>= 7
    encoded.append(value)
    return bytes(encoded)
