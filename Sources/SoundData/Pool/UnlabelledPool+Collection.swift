import Digests
import Foundation
import Platform
import Synchronization

/// What the pool has so far, and what it must hold no near-copies of.
struct PoolCollection {
    let labelled: NearCopies
    /// Where the clips are written.
    let folder: URL
    var pool = NearCopies()
    /// In the order in which they were taken.
    var clips: [PoolClip] = []

    init(labelled: NearCopies, folder: URL) {
        self.labelled = labelled
        self.folder = folder
    }
}

/// A clip of the pool.
struct PoolClip: Sendable {
    let package: UnlabelledPool.Package
    /// The folder of the package that its recording is in.
    let source: String
    /// Below the pool's folder.
    let path: String
    /// Samples at ``UnlabelledPool/sampleRate``.
    let length: Int
}

extension UnlabelledPool {
    /// What a recording is found to be before it is compared with others that are looked at meanwhile.
    private enum Finding: Sendable {
        case leftOut(PoolCounts.Reason)
        case sound([Float], [SoundMap])
    }

    /// How many recordings are looked at together. What is taken does not depend on it.
    private static let batch = 64

    /// Takes what can be taken of a package. Returns what became of its recordings.
    func collect(
        _ package: Package, into collection: inout PoolCollection
    ) throws -> PoolCounts {
        let files = try files(of: package)
        var counts = PoolCounts(package, found: files.count, limit: clipsPerPackage)
        for start in stride(from: 0, to: files.count, by: Self.batch) {
            let batch = files[start..<min(start + Self.batch, files.count)]
            guard counts.taken < clipsPerPackage else {
                counts.leftOut[.beyond, default: 0] += batch.count
                continue
            }
            // Those of this batch that were taken are not among the others yet.
            var recent = NearCopies()
            for (file, finding) in zip(batch, findings(Array(batch), collection)) {
                let reason: PoolCounts.Reason
                switch finding {
                case _ where counts.taken == clipsPerPackage: reason = .beyond
                case .leftOut(let found): reason = found
                case .sound(_, let views) where recent.contain(views): reason = .copyInPool
                case .sound(let samples, let views):
                    try collection.clips.append(
                        write(samples, of: file, package, to: collection.folder))
                    collection.pool.add(views)
                    recent.add(views)
                    counts.taken += 1
                    continue
                }
                counts.leftOut[reason, default: 0] += 1
            }
        }
        return counts
    }

    /// Reads recordings and compares them with what is there, on all processors.
    private func findings(_ files: [ListedFile], _ collection: PoolCollection) -> [Finding] {
        let (labelled, pool) = (collection.labelled, collection.pool)
        let findings = Mutex([Finding](repeating: .leftOut(.unreadable), count: files.count))
        Parallel.perform(iterations: files.count) { index in
            var finding = Self.read(files[index].url)
            if case .sound(_, let views) = finding {
                if labelled.contain(views) {
                    finding = .leftOut(.copyOfLabelled)
                } else if pool.contain(views) {
                    finding = .leftOut(.copyInPool)
                }
            }
            findings.withLock { $0[index] = finding }
        }
        return findings.withLock { $0 }
    }

    private static func read(_ url: URL) -> Finding {
        do {
            // Music is not decoded to be left out.
            let file = try AudioFile(url)
            guard Double(file.promisedFrames) <= longest * Double(file.sampleRate) else {
                return .leftOut(.tooLong)
            }
            let facts = try FileFacts(url)
            if let fault = facts.fault(mixed: true) {
                return .leftOut(
                    fault.fault == .silent || fault.fault == .constant ? .silent : .unreadable)
            }
            guard facts.seconds <= longest else { return .leftOut(.tooLong) }
            guard facts.seconds >= InstrumentLibrary.shortest else { return .leftOut(.tooShort) }
            var clip = Clip(
                identifier: url.path, label: Clip.unlabelled, split: .pretraining, group: "",
                source: .file(url), seconds: facts.seconds)
            // It was looked at just now.
            clip.stamp = facts.stamp
            clip.scale = facts.scale(mixed: true)
            let samples = loudest(try ClipReader(sampleRate: sampleRate).load(clip))
            guard samples.contains(where: { abs($0) > 1e-3 }) else { return .leftOut(.silent) }
            return .sound(samples, NearCopies.views(samples))
        } catch {
            return .leftOut(.unreadable)
        }
    }

    /// The loudest stretch of a longer sound, faded in and out.
    private static func loudest(_ samples: [Float]) -> [Float] {
        let count = stretch * sampleRate
        guard samples.count > count else { return samples }
        var samples = SoundFitting.fit([samples], count: count, sampleRate: sampleRate)[0]
        let fade = sampleRate / 20
        for index in 0..<fade {
            samples[index] *= Float(index) / Float(fade)
            samples[count - 1 - index] *= Float(index) / Float(fade)
        }
        return samples
    }

    private func write(
        _ samples: [Float], of file: ListedFile, _ package: Package, to folder: URL
    ) throws -> PoolClip {
        let place = folder.appendingPathComponent(package.name)
        try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
        let digest = samples.withUnsafeBytes { Digest(of: $0) }.short.prefix(6)
        let stem = (file.path as NSString).deletingPathExtension.inPlainLetters.suffix(200)
        let name = "\(stem)_\(digest).flac"
        try SoundFile.write(
            samples, sampleRate: Self.sampleRate, to: place.appendingPathComponent(name))
        return PoolClip(
            package: package, source: file.folder, path: "\(package.name)/\(name)",
            length: samples.count)
    }
}
