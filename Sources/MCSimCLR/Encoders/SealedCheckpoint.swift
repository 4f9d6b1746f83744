package import Digests
package import Foundation
package import NeuralNetwork

/// Checkpoints that are tied to their content and to the stage that made them: a torn, altered or
/// swapped file is noticed when it is read.
package enum SealedCheckpoint {
    private static let stageKey = "stage"
    private static let contentKey = "content"

    /// Writes a file whole or not at all.
    ///
    /// Throws: `NeuralNetworkError` when the file cannot be written; an older file then stays whole.
    package static func write(
        _ tensors: [(name: String, tensor: Tensor)], metadata: [String: String], stage: Digest?,
        to url: URL
    ) throws {
        var metadata = metadata
        metadata[stageKey] = stage?.description
        metadata[contentKey] = content(tensors, metadata).description
        try Checkpoint.write(tensors, metadata: metadata, to: url)
    }

    /// Reads what ``write(_:metadata:stage:to:)`` wrote, for the stage that is asked for.
    ///
    /// Throws: `NeuralNetworkError` for a torn file, ``MCSimCLRError/foreignCheckpoint(path:reason:)``
    /// for one that was altered, that another stage made, or that has no digest.
    static func read(
        _ url: URL, stage: Digest? = nil
    ) throws -> Checkpoint.Contents {
        let contents = try Checkpoint.read(url)
        func fault(_ reason: String) -> MCSimCLRError {
            .foreignCheckpoint(path: url.path, reason: reason)
        }
        guard let written = contents.metadata[contentKey].flatMap({ Digest($0) }) else {
            throw fault(
                "it has no digest of its content, as an earlier version of ablate wrote it; the "
                    + "next run of its sweep that needs it makes it anew")
        }
        let found = content(
            contents.tensors.map { ($0.key, $0.value) },
            contents.metadata.filter { $0.key != contentKey })
        guard found == written, contents.skipped.isEmpty else {
            throw fault(
                "its content has the digest \(found.short), but \(written.short) was written; the "
                    + "next run of its sweep that needs it makes it anew")
        }
        if let stage, contents.metadata[stageKey] != stage.description {
            throw fault(
                "stage \(contents.metadata[stageKey] ?? "unknown") made it, not \(stage); the next "
                    + "run that needs it makes it anew")
        }
        return contents
    }

    /// The stage that a file says made it.
    static func stage(of contents: Checkpoint.Contents) -> Digest? {
        contents.metadata[stageKey].flatMap { Digest($0) }
    }

    /// Every name, shape, number and fact.
    static func content(
        _ tensors: [(name: String, tensor: Tensor)], _ metadata: [String: String]
    ) -> Digest {
        var hasher = DigestHasher()
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            hasher.update("\(key.utf8.count) \(key) \(value.utf8.count) \(value)\n")
        }
        for (name, tensor) in tensors.sorted(by: { $0.name < $1.name }) {
            hasher.update("\(name.utf8.count) \(name) \(tensor.shape)\n")
            tensor.withUnsafeMutableBuffer { hasher.update(UnsafeRawBufferPointer($0)) }
        }
        return hasher.finalize()
    }
}
