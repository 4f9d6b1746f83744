import Foundation
import Randomness

extension UnlabelledPool {
    /// A Debian package with recordings of any kind.
    public struct Package: Sendable, Hashable {
        public let name: String
        public let contents: String
        /// Of the recordings, as its copyright file has it.
        public let licence: String
        /// Folders that hold no recordings of a sound: music, drums made by machines.
        var ignored: Set<String> = []
    }

    /// None of the labelled clips are of these: no speaker and no kit of the test split is in the pool.
    public static let packages = [
        Package(
            name: "lincity-ng-data", contents: "sounds of a city", licence: "GPL-2+",
            ignored: ["music"]),
        Package(
            name: "scorched3d-data", contents: "sounds of guns, water, animals and weather",
            licence: "GPL-2+, CC-BY-SA-3.0"),
        Package(
            name: "hydrogen-drumkits", contents: "drums and percussion of acoustic kits",
            licence: "GPL-2+, GPL-2, CC-BY-3.0, CC-BY-SA-3.0, CC0",
            ignored: ["ElectricEmpireKit", "HardElectro1", "VariBreaks"]),
        Package(
            name: "hedgewars-data", contents: "effects, shouts in several languages",
            licence: "GFDL-1.3, CC-BY-SA-3.0", ignored: ["Music"]),
        Package(
            name: "tuxpaint-stamps-default",
            contents: "animals, vehicles, instruments and their names in many languages",
            licence: "GPL-2"),
        Package(
            name: "ktuberling-data", contents: "spoken words in many languages",
            licence: "GPL-2+"),
        Package(
            name: "fillets-ng-data-cs", contents: "spoken dialogues in Czech", licence: "GPL-2"),
        Package(
            name: "fillets-ng-data-nl", contents: "spoken dialogues in Dutch", licence: "GPL-2"),
    ]

    /// What the package manager knows of a package's files.
    private func list(of package: Package) -> URL {
        root.appendingPathComponent("var/lib/dpkg/info/\(package.name).list")
    }

    /// The packages that are not installed.
    public var missingPackages: [Package] {
        Self.packages.filter {
            !FileManager.default.fileExists(atPath: list(of: $0).path)
        }
    }

    /// A recording that a package has.
    struct ListedFile: Sendable {
        let url: URL
        /// Below the folder that all recordings of the package are in.
        let path: String

        /// The folders of the path.
        var folder: String { (path as NSString).deletingLastPathComponent }
    }

    /// The recordings of a package in the order in which they are tried: one of each folder before a
    /// second of any, so that a few hundred are of all kinds.
    ///
    /// Throws: ``SoundDataError/fileSystem(path:operation:reason:)``.
    func files(of package: Package) throws -> [ListedFile] {
        let list = list(of: package)
        guard let text = try? String(contentsOf: list, encoding: .utf8) else {
            throw SoundDataError.fileSystem(
                path: list.path, operation: "read", reason: "it is no text")
        }
        let paths = text.split(separator: "\n").map(String.init).filter { path in
            AudioFile.endings.contains((path as NSString).pathExtension.lowercased())
                && package.ignored.isDisjoint(with: path.split(separator: "/").map(String.init))
        }.sorted()
        let shared = Self.sharedFolder(paths)
        let files = paths.map {
            ListedFile(
                url: root.appendingPathComponent(String($0.drop { $0 == "/" })),
                path: String($0.dropFirst(shared.count)))
        }
        var stream = Stream(seed, "pool/\(package.name)")
        return Turns.order(files, of: \.folder, using: &stream)
    }

    /// The folder that holds all paths, with its slash.
    private static func sharedFolder(_ paths: [String]) -> String {
        guard let first = paths.first, let last = paths.last else { return "" }
        // Of sorted texts the first and the last share what all share.
        let shared = first.commonPrefix(with: last)
        return String(shared.prefix(through: shared.lastIndex(of: "/") ?? shared.startIndex))
    }
}
