public import Foundation

/// Adds clips without labels, for pretraining alone, to a folder of labelled ones: recordings of games and
/// educational programs that Debian distributes.
///
/// Beside `manifest.csv`, which stays as it is, stands `manifest-unlabelled.csv`: the same lines, and one
/// for each clip of the pool in `unlabelled/`, of the split `unlabelled`. A sweep over it is judged by the
/// very clips that one over `manifest.csv` is judged by. `LICENCES-unlabelled.md` says where the pool comes
/// from.
///
/// Left out are recordings that cannot be read, are silent, shorter than a fifth of a second or longer
/// than 20 seconds (music), and near-copies (``NearCopies``) of labelled clips of any split or of clips
/// that the pool has already. Of recordings longer than six seconds the loudest six are taken.
public struct UnlabelledPool: Sendable {
    /// Where the packages are installed.
    public var root: URL
    /// At most so many clips of a package, from as many of its folders as possible.
    public var clipsPerPackage: Int
    public var seed: UInt64

    /// Units: seconds.
    static let longest = 20.0
    /// Units: seconds.
    static let stretch = 6
    /// Units: Hz.
    static let sampleRate = 16_000

    public init(
        root: URL = URL(fileURLWithPath: "/"), clipsPerPackage: Int = 600, seed: UInt64 = 0
    ) {
        self.root = root
        self.clipsPerPackage = clipsPerPackage
        self.seed = seed
    }

    /// Where the list of both kinds of clips of a folder is.
    public static func manifest(in folder: URL) -> URL {
        folder.appendingPathComponent("manifest-unlabelled.csv")
    }

    /// Adds the pool to a folder that has a `manifest.csv` with a column `split`.
    ///
    /// - Parameter report: told what became of each package's recordings.
    /// Throws: ``SoundDataError``: packages that are not installed, a pool that is there already, a
    /// manifest at fault, a folder that cannot be written.
    public func build(
        in folder: URL, look: FirstLook = FirstLook(),
        report: (PoolCounts) -> Void = { _ in }
    ) throws {
        let missing = missingPackages.map(\.name)
        guard missing.isEmpty else { throw SoundDataError.packagesMissing(missing) }
        let target = folder.appendingPathComponent("unlabelled")
        let present = (try? FileManager.default.contentsOfDirectory(atPath: target.path)) ?? []
        guard present.isEmpty else { throw SoundDataError.folderNotEmpty(path: target.path) }
        let labelled = folder.appendingPathComponent("manifest.csv")
        let manifest = try PoolManifest(extending: labelled)
        let set = try SoundDataSet.load(
            DataSettings(source: "manifest", path: labelled.path), look: look)
        // Hidden from who takes one folder a class.
        let part = folder.appendingPathComponent(".unlabelled.part")
        do {
            try? FileManager.default.removeItem(at: part)
            try FileManager.default.createDirectory(at: part, withIntermediateDirectories: true)
            var collection = PoolCollection(labelled: maps(of: set), folder: part)
            let counts = try Self.packages.map { package in
                let counts = try collect(package, into: &collection)
                report(counts)
                return counts
            }
            // One that is empty.
            rmdir(target.path)
            try FileManager.default.moveItem(at: part, to: target)
            try Data(LicenceTable(counts: counts).text.utf8).write(
                to: folder.appendingPathComponent("LICENCES-unlabelled.md"), options: .atomic)
            try Data(manifest.text(with: collection.clips).utf8).write(
                to: Self.manifest(in: folder), options: .atomic)
        } catch {
            try? FileManager.default.removeItem(at: part)
            if error is SoundDataError { throw error }
            throw SoundDataError.fileSystem(
                path: folder.path, operation: "write", reason: error.localizedDescription)
        }
    }

    private func maps(of set: SoundDataSet) -> NearCopies {
        let reader = ClipReader(sampleRate: Self.sampleRate)
        return NearCopies(count: set.clips.count) { index in
            let channels = try? reader.loadChannels(
                set.clips[index], loudest: Self.stretch * Self.sampleRate)
            return channels?.first
        }
    }
}
