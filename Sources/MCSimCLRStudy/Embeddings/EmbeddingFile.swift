import AudioFeatures
package import Digests
package import Foundation
package import MCSimCLR
import NeuralNetwork
import Platform

/// A file of embeddings: a row of numbers for each recording of the banks that `ablate export bank` wrote,
/// in the order of their index, which the file names.
///
/// A `.safetensors` file has one tensor, `embeddings` [recordings, numbers], and its metadata say
/// `index`. Beside a `.npy` file of that shape stands one with `.json` behind its name: `{"index": "..."}`.
/// Either has the `index` of the export's bank.json.
package struct EmbeddingFile: Sendable, Hashable {
    package let named: NamedEmbeddings
    package let url: URL
    /// Of all numbers, their shape and the index: the same for the same content in either form.
    package let digest: Digest
    /// The index that the rows are in the order of (``BankExport/index(of:)``).
    package let index: Digest
    package let recordings: Int
    package let columns: Int

    private static let mostColumns = 65_536
    private static let tensor = "embeddings"

    /// Reads and checks a file, all of it.
    ///
    /// - Parameter folder: of the sweep file.
    /// - Throws: ``EmbeddingError``.
    package static func read(
        _ named: NamedEmbeddings, in folder: URL
    ) throws -> (file: EmbeddingFile, values: [Float]) {
        let url = URL(fileURLWithPath: named.path, relativeTo: folder).absoluteURL
        func fault(_ reason: String) -> EmbeddingError {
            .unusable(name: named.name, path: named.path, reason: reason)
        }
        var status = stat()
        guard stat(url.path, &status) == 0 else {
            throw fault("there is no such file in \(folder.path); give one")
        }
        // A pipe or a device has no end.
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw fault("it is no regular file; give a .npy or .safetensors file")
        }
        let found: (values: [Float], shape: [Int], index: String?)
        do {
            switch url.pathExtension {
            case "npy": found = try array(url)
            case "safetensors": found = try checkpoint(url)
            default: throw fault("it must end with .npy or .safetensors; save it as one of these")
            }
        } catch let error as AudioFeaturesError {
            throw fault("\(error)")
        } catch let error as NeuralNetworkError {
            throw fault("\(error)")
        }
        guard let text = found.index else {
            throw fault(
                url.pathExtension == "npy"
                    ? "it does not say of which recordings it is, nor does a file beside it that could be read; write {\"index\": \"...\"}, with the index of "
                        + "the export's bank.json, to \(named.path).json"
                    : "it does not say of which recordings it is; give its metadata 'index', that of the "
                        + "export's bank.json")
        }
        guard let index = Digest(text) else {
            throw fault(
                "its index is '\(text.prefix(40))', but must be the 32 digits of the export's bank.json"
            )
        }
        guard found.shape.count == 2, found.shape[0] > 0, (1...mostColumns).contains(found.shape[1])
        else {
            throw fault(
                "its shape is \(found.shape), but must be [recordings, numbers], with 1 to \(mostColumns) "
                    + "numbers each")
        }
        if let place = found.values.firstIndex(where: { !$0.isFinite }) {
            throw fault(
                "row \(place / found.shape[1]), column \(place % found.shape[1]) is \(found.values[place]); "
                    + "give finite numbers")
        }
        let first = found.values.prefix(found.shape[1])
        let isConstant = (1..<found.shape[0]).allSatisfy { row in
            found.values[row * found.shape[1]..<(row + 1) * found.shape[1]].elementsEqual(first)
        }
        if isConstant {
            throw fault(
                "its rows are all the same, so that it tells no recording from another; write what the "
                    + "encoder makes of each")
        }
        var hasher = DigestHasher()
        hasher.update("embeddings \(found.shape[0]) \(found.shape[1]) \(index)\n")
        found.values.withUnsafeBytes { hasher.update($0) }
        return (
            EmbeddingFile(
                named: named, url: url, digest: hasher.finalize(), index: index,
                recordings: found.shape[0], columns: found.shape[1]), found.values
        )
    }

    /// The embeddings, if they are still those that were read before.
    ///
    /// Throws: ``EmbeddingError/changed(path:)`` where they are not; their stage is put off then.
    package func matrix() throws -> Matrix {
        let folder = url.deletingLastPathComponent()
        let own = NamedEmbeddings(name: named.name, path: url.path)
        guard let (file, values) = try? Self.read(own, in: folder), file.digest == digest else {
            throw EmbeddingError.changed(path: named.path)
        }
        return Matrix(rows: recordings, columns: columns, values: values.map(Double.init))
    }

    /// Files that go with the sweep, by their paths as it has them.
    package var files: [String] {
        url.pathExtension == "npy" ? [named.path, named.path + ".json"] : [named.path]
    }

    private static func array(
        _ url: URL
    ) throws -> (values: [Float], shape: [Int], index: String?) {
        let (values, shape) = try NumPyFile.read(url)
        struct Beside: Decodable {
            var index: String
        }
        let beside = url.appendingPathExtension("json")
        var status = stat()
        guard stat(beside.path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
            status.st_size < 1 << 20, let data = try? Data(contentsOf: beside),
            let found = try? JSONDecoder().decode(Beside.self, from: data)
        else { return (values, shape, nil) }
        return (values, shape, found.index)
    }

    private static func checkpoint(
        _ url: URL
    ) throws -> (values: [Float], shape: [Int], index: String?) {
        let contents = try Checkpoint.read(url)
        guard let found = contents.tensors[tensor] else {
            let reason =
                contents.skipped.contains(tensor)
                ? "its tensor '\(tensor)' is not of 32-bit floats" : "it has no tensor '\(tensor)'"
            throw NeuralNetworkError.notACheckpoint(path: url.path, reason: reason)
        }
        return (found.values, found.shape, contents.metadata["index"])
    }
}

/// What is wrong with a file of embeddings: what, the value, what to do.
package enum EmbeddingError: MachineFault, Equatable, CustomStringConvertible {
    case unusable(name: String, path: String, reason: String)
    case otherBank(name: String, path: String, found: Digest, expected: Digest, row: String)
    case severalBanks(name: String, banks: Int)
    case otherCount(name: String, path: String, rows: Int, recordings: Int)
    case nameOfRow(String)
    case changed(path: String)

    /// What the sweep calls the embeddings; nil where only the file is known.
    var name: String? {
        switch self {
        case .unusable(let name, _, _), .otherBank(let name, _, _, _, _),
            .severalBanks(let name, _), .otherCount(let name, _, _, _), .nameOfRow(let name):
            name
        case .changed: nil
        }
    }

    /// A file that was written while a run went on: its stage is put off, not failed.
    package var isMachineFault: Bool {
        if case .changed = self { true } else { false }
    }

    package var description: String {
        switch self {
        case .unusable(let name, let path, let reason): "embeddings.\(name) is \(path): \(reason)"
        case .otherBank(let name, let path, let found, let expected, let row):
            "embeddings.\(name): \(path) is of the recordings of index \(found.short), but those of '\(row)' "
                + "have index \(expected.short); export the sweep's bank and embed that "
                + "('export bank SWEEP -o FOLDER')"
        case .severalBanks(let name, let banks):
            "embeddings.\(name): the rows of the sweep have \(banks) banks of recordings, but a file of "
                + "embeddings is of one; let rows differ in other settings than the scenes'"
        case .otherCount(let name, let path, let rows, let recordings):
            "embeddings.\(name): \(path) has \(rows) rows, but the index that it names has \(recordings) "
                + "recordings; give a row for each, in its order"
        case .nameOfRow(let name):
            "embeddings.\(name) is called as a row of the sweep is; write another name"
        case .changed(let path):
            "\(path) has changed since the run began: run it again, with what it holds now"
        }
    }
}
