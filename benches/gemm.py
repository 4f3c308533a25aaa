"""The encoder's roofline: how fast onnxruntime multiplies bytes here, and how many operations a token needs."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

ROWS, INNER, COLUMNS = 512, 384, 1536  # the encoder's largest product, on a batch of its tokens
REPEATS, ROUNDS = 40, 5
INPUT_OF_WEIGHTS = 1


def operations_per_second() -> float:
    """Measure int8 multiplications and additions in a second of one processor, the best of a few rounds."""
    weights = np.random.default_rng(1).integers(-127, 127, (INNER, COLUMNS), dtype=np.int8)
    graph = helper.make_graph(
        [helper.make_node("MatMulInteger", ["a", "b"], ["y"])],
        "gemm",
        [helper.make_tensor_value_info("a", TensorProto.UINT8, [ROWS, INNER])],
        [helper.make_tensor_value_info("y", TensorProto.INT32, [ROWS, COLUMNS])],
        [numpy_helper.from_array(weights, "b")],
    )
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=9)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    given = {"a": np.random.default_rng(2).integers(0, 255, (ROWS, INNER), dtype=np.uint8)}
    session.run(None, given)
    seconds = []
    for _ in range(ROUNDS):
        began = time.process_time()
        for _ in range(REPEATS):
            session.run(None, given)
        seconds.append(time.process_time() - began)
    return REPEATS * 2.0 * ROWS * INNER * COLUMNS / min(seconds)


def operations_per_token(model: Path) -> float:
    """Count the multiplications and additions of the layers that a token passes; attention and heads left out."""
    graph = onnx.load(str(model)).graph
    shapes = {x.name: tuple(x.dims) for x in graph.initializer}
    products = [node.input[INPUT_OF_WEIGHTS] for node in graph.node if node.op_type == "MatMulInteger"]
    return sum(2.0 * float(np.prod(shapes[name])) for name in products if name in shapes)


def layers_of(model: Path) -> int:
    """Count the layers of an encoder: each normalises twice, the embeddings once."""
    return sum(node.op_type == "LayerNormalization" for node in onnx.load(str(model)).graph.node) // 2
