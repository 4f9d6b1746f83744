import Foundation
import NeuralNetwork
import Testing

/// A Python that has the safetensors library, if any: `ABLATE_PYTHON`, or python3 on the path.
private let python: String? = {
    let candidate = ProcessInfo.processInfo.environment["ABLATE_PYTHON"] ?? "python3"
    return run(candidate, "import safetensors.numpy") == "" ? candidate : nil
}()

private func run(_ python: String, _ script: String, _ arguments: String...) -> String? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [python, "-c", script] + arguments
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return process.terminationStatus == 0 ? String(decoding: data, as: UTF8.self) : nil
}

@Suite("Checkpoints in Python")
struct PythonCheckpointTests {
    @Test(
        "Python's safetensors reads a checkpoint",
        .enabled(if: python != nil, "needs Python with the package safetensors (ABLATE_PYTHON)"))
    func read() throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent(
            "python-\(UUID().uuidString).safetensors")
        defer { try? FileManager.default.removeItem(at: url) }
        try Checkpoint.write(
            [("a.weight", Tensor([2, 2], [1, 2, 3, -4])), ("b", Tensor([1], [0.5]))],
            metadata: ["step": "7"], to: url)
        let script = """
            import sys
            from safetensors import safe_open
            with safe_open(sys.argv[1], framework="np") as f:
                print(sorted(f.keys()), f.get_tensor("a.weight").tolist(), f.metadata())
            """
        #expect(
            run(try #require(python), script, url.path)
                == "['a.weight', 'b'] [[1.0, 2.0], [3.0, -4.0]] {'step': '7'}\n")
    }
}
