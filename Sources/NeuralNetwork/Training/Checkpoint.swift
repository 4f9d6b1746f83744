public import Foundation
import Platform

/// Tensors by name in a safetensors file (https://huggingface.co/docs/safetensors), 32-bit floats.
public enum Checkpoint {
    /// What a file holds.
    public struct Contents {
        public let tensors: [String: Tensor]
        public let metadata: [String: String]
        /// Names of tensors that are not 32-bit floats, such as PyTorch's `num_batches_tracked`.
        public let skipped: [String]
        /// Where it was read, for messages.
        public let path: String

        /// Copies values into tensors of the same names and shapes.
        ///
        /// Throws: ``NeuralNetworkError`` when one is missing or has another shape; nothing is
        /// changed then.
        public func load(into targets: [(name: String, tensor: Tensor)]) throws {
            for (name, target) in targets {
                guard let found = tensors[name] else {
                    throw NeuralNetworkError.missingTensor(name: name, path: path)
                }
                guard found.shape == target.shape else {
                    throw NeuralNetworkError.shapeMismatch(
                        name: name, expected: target.shape, found: found.shape)
                }
            }
            for (name, target) in targets { target.copy(from: tensors[name]!) }
        }
    }

    /// Writes a file whole or not at all: under another name in the same folder, then renamed.
    ///
    /// Throws: ``NeuralNetworkError/unwritable(path:reason:)``.
    public static func write(
        _ tensors: [(name: String, tensor: Tensor)], metadata: [String: String], to url: URL
    ) throws {
        var entries: [String] = []
        if !metadata.isEmpty {
            let pairs = metadata.sorted { $0.key < $1.key }
                .map { "\(quoted($0.key)):\(quoted($0.value))" }
            entries.append("\"__metadata__\":{\(pairs.joined(separator: ","))}")
        }
        var offset = 0
        for (name, tensor) in tensors {
            let end = offset + 4 * tensor.count
            let shape = tensor.shape.map(String.init).joined(separator: ",")
            entries.append(
                "\(quoted(name)):{\"dtype\":\"F32\",\"shape\":[\(shape)],"
                    + "\"data_offsets\":[\(offset),\(end)]}")
            offset = end
        }
        var header = Data("{\(entries.joined(separator: ","))}".utf8)
        // Readers map the file: the numbers start at a multiple of 8.
        while header.count % 8 != 0 { header.append(UInt8(ascii: " ")) }
        var data = Data(capacity: 8 + header.count + offset)
        withUnsafeBytes(of: UInt64(header.count).littleEndian) { data.append(contentsOf: $0) }
        data.append(header)
        for (_, tensor) in tensors {
            tensor.withUnsafeMutableBuffer { data.append(Data(buffer: $0)) }
        }
        try writeAtomically(data, to: url)
    }

    /// Reads a file.
    ///
    /// Throws: ``NeuralNetworkError/unreadable(path:reason:)`` or
    /// ``NeuralNetworkError/notACheckpoint(path:reason:)``.
    public static func read(_ url: URL) throws -> Contents {
        let data: Data
        // A pipe or a device without end is no checkpoint.
        var status = stat()
        guard stat(url.path, &status) != 0 || status.st_mode & S_IFMT == S_IFREG else {
            throw NeuralNetworkError.unreadable(path: url.path, reason: "not a regular file")
        }
        do {
            let size = try sizeOfFile(url)
            guard size <= largestFile else {
                throw NeuralNetworkError.notACheckpoint(
                    path: url.path,
                    reason: "it has \(size) bytes, but no checkpoint has more than \(largestFile)")
            }
            data = try Data(contentsOf: url)
        } catch let error as NeuralNetworkError {
            throw error
        } catch {
            throw NeuralNetworkError.unreadable(
                path: url.path, reason: error.localizedDescription)
        }
        return try parse(data, path: url.path)
    }

    /// Thousands of times the reference model. Units: bytes.
    private static let largestFile = 1 << 32

    /// A pipe would never end, a device neither.
    private static func sizeOfFile(_ url: URL) throws -> Int {
        let file = url.resolvingSymlinksInPath()
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: file.path) else {
            throw NeuralNetworkError.unreadable(path: url.path, reason: "no such file")
        }
        guard attributes[.type] as? FileAttributeType == .typeRegular,
            let size = attributes[.size] as? Int
        else {
            throw NeuralNetworkError.unreadable(
                path: url.path, reason: "it is no regular file; give a .safetensors file")
        }
        return size
    }

    private static func parse(_ data: Data, path: String) throws -> Contents {
        func fault(_ reason: String) -> NeuralNetworkError {
            .notACheckpoint(path: path, reason: reason)
        }
        guard data.count >= 8 else { throw fault("it has only \(data.count) bytes") }
        let announced = data.prefix(8).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard announced <= UInt64(data.count - 8) else {
            throw fault("its header should have \(announced) bytes, but it is shorter")
        }
        let start = 8 + Int(announced)
        guard
            let object = try? JSONSerialization.jsonObject(with: data[8..<start]),
            let header = object as? [String: Any]
        else { throw fault("its header is no JSON object") }
        var tensors: [String: Tensor] = [:]
        var skipped: [String] = []
        var end = 0
        for (name, value) in header where name != "__metadata__" {
            guard
                let entry = value as? [String: Any], let type = entry["dtype"] as? String,
                let shape = entry["shape"] as? [Int],
                let offsets = entry["data_offsets"] as? [Int], offsets.count == 2,
                offsets[0] >= 0, offsets[0] <= offsets[1], shape.allSatisfy({ $0 >= 0 })
            else { throw fault("the entry of tensor \(name) is malformed") }
            end = max(end, offsets[1])
            guard offsets[1] <= data.count - start else {
                throw fault(
                    "tensor \(name) ends at byte \(start + offsets[1]), but the file has "
                        + "\(data.count) bytes")
            }
            guard type == "F32" else {
                skipped.append(name)
                continue
            }
            var size = 4
            for length in shape {
                let (product, overflow) = size.multipliedReportingOverflow(by: length)
                if overflow { throw fault("tensor \(name) has an impossible shape \(shape)") }
                size = product
            }
            guard size == offsets[1] - offsets[0] else {
                throw fault(
                    "tensor \(name) of shape \(shape) has \(offsets[1] - offsets[0]) bytes")
            }
            let tensor = Tensor(shape)
            tensor.withUnsafeMutableBuffer {
                _ = data[start + offsets[0]..<start + offsets[1]].copyBytes(to: $0)
            }
            tensors[name] = tensor
        }
        guard end == data.count - start else {
            throw fault("\(data.count - start - end) bytes at its end belong to no tensor")
        }
        let metadata = header["__metadata__"] as? [String: String] ?? [:]
        return Contents(
            tensors: tensors, metadata: metadata, skipped: skipped.sorted(), path: path)
    }

    /// A JSON string.
    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }

    private static func writeAtomically(_ data: Data, to url: URL) throws {
        do {
            try WholeFile.write(data, to: url, makesFolder: false)
        } catch {
            throw NeuralNetworkError.unwritable(path: url.path, reason: error.reason)
        }
    }
}
