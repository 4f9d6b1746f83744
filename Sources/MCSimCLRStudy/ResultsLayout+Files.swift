public import Digests
public import Foundation
import MCSimCLR
public import Studies

/// The files of MC-SimCLR's stages.
extension ResultsLayout {
    /// The folders of the cache that they lie in.
    package static let foldersOfCache = ["scenes", "encoders"]

    /// Spatialised recordings, by the digest of the stage that makes them.
    public func bank(_ digest: Digest) -> URL {
        cachedFile(digest, in: "scenes", ending: "bank")
    }

    /// A pretrained encoder, by the digest of the stage that makes it.
    public func checkpoint(_ digest: Digest) -> URL {
        cachedFile(digest, in: "encoders", ending: "safetensors")
    }

    /// Of ``checkpoint(_:)`` below the folder of results, with `*` for the digest.
    package static let placeOfCheckpoints = "cache/encoders/*.safetensors"

    /// A pretraining, a fine-tuning or a training from scratch that was interrupted.
    public func unfinishedTraining(_ digest: Digest) -> URL {
        cachedFile(digest, in: "encoders", ending: "unfinished.safetensors")
    }

    /// What was seen of the recordings below a folder: in the user's cache, since all results are made
    /// from the same recordings. nil where the user has none.
    public static func recordingFacts(below folder: String) -> URL? {
        let environment = ProcessInfo.processInfo.environment
        let named = environment["XDG_CACHE_HOME"].flatMap { $0.hasPrefix("/") ? $0 : nil }
        let home = environment["HOME"].flatMap { $0.hasPrefix("/") ? $0 + "/.cache" : nil }
        guard let cache = named ?? home else { return nil }
        return URL(fileURLWithPath: cache, isDirectory: true)
            .appending(path: "ablate/recordings/\(Digest(of: folder)).txt")
    }

    /// Copies the encoders that another folder has whole and this one has not; returns how many, and
    /// how many there are damaged, another stage's or of an earlier version: those stay there.
    ///
    /// Throws: ``StudiesError/cannotWrite(path:reason:)``.
    public func takeOverEncoders(
        of other: ResultsLayout
    ) throws -> (copied: Int, leftOut: Int) {
        func isWhole(_ file: URL, _ stage: Digest) -> Bool {
            (try? EncoderCheckpoint(readingFrom: file, stage: stage)) != nil
        }
        try createFolders(inCache: Self.foldersOfCache)
        var copied = 0
        var leftOut = 0
        for cached in other.cachedFiles() where cached.file == other.checkpoint(cached.digest) {
            let copy = checkpoint(cached.digest)
            if isWhole(copy, cached.digest) { continue }
            // Under another name until it is whole: a torn encoder would be taken for a good one.
            let partial = copy.appendingPathExtension("part")
            do {
                try? FileManager.default.removeItem(at: partial)
                try FileManager.default.copyItem(at: cached.file, to: partial)
                // The copy is what counts.
                guard isWhole(partial, cached.digest) else {
                    try FileManager.default.removeItem(at: partial)
                    leftOut += 1
                    continue
                }
                if FileManager.default.fileExists(atPath: copy.path) {
                    try FileManager.default.removeItem(at: copy)
                }
                try FileManager.default.moveItem(at: partial, to: copy)
            } catch {
                throw StudiesError.cannotWrite(path: copy.path, reason: error.localizedDescription)
            }
            copied += 1
        }
        return (copied, leftOut)
    }
}
