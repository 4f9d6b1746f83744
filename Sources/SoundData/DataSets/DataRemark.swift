public import Foundation

/// What a reader must know of clips and folders that are used all the same, or hold none.
public struct DataRemark: Sendable, Hashable, Codable {
    public enum Kind: String, Sendable, Hashable, Codable, CaseIterable {
        /// Recordings that end before the end that their headers state.
        case cutOff
        /// Recordings whose samples end within a frame.
        case partialFrame
        /// Several Ogg streams in one file.
        case chained
        /// Clips with the content of a clip of another class.
        case otherClass
        /// Clips with the content of another clip of their split.
        case copy
        /// Class folders without recordings.
        case emptyFolder
        /// Links to folders that are read anyway.
        case loop
        /// Recordings beside the class folders.
        case beside
        /// Labels that differ only in what nobody sees.
        case lookAlike
    }

    public var kind: Kind
    public var path: String
    /// More about the first one, such as "0.5 of 1 s".
    public var detail: String

    public init(_ kind: Kind, path: String, detail: String = "") {
        self.kind = kind
        self.path = path
        self.detail = detail
    }

    /// What is odd about one recording that is used, in a sentence; nil for one that is whole, or that
    /// cannot be read.
    public static func sentence(of recording: URL) -> String? {
        let facts = try? FileFacts(recording)
        return facts?.remark(FilePath.shown(recording.relativePath)).flatMap {
            sentences([$0]).first
        }
    }

    /// A sentence for each kind, in the order of the kinds.
    static func sentences(_ remarks: [DataRemark]) -> [String] {
        let ofKind = Dictionary(grouping: remarks, by: \.kind)
        return Kind.allCases.compactMap { kind in
            guard let own = ofKind[kind], let first = own.first else { return nil }
            let name = first.path + (first.detail.isEmpty ? "" : ", " + first.detail)
            return kind.sentence(own.count, first: name)
        }
    }
}

extension DataRemark.Kind {
    fileprivate func sentence(_ count: Int, first: String) -> String {
        let isOne = count == 1
        func counted(_ one: String, _ more: String) -> String {
            (isOne ? "1 \(one)" : "\(count) \(more)")
                + (isOne ? " (\(first))" : " (the first: \(first))")
        }
        return switch self {
        case .cutOff:
            counted(
                "recording ends before the end that its header states",
                "recordings end before the end that their headers state")
                + "; what is there is used"
        case .partialFrame:
            counted("recording ends within a frame", "recordings end within a frame")
                + "; the whole frames are used"
        case .chained:
            counted(
                "recording holds several streams one after another",
                "recordings hold several streams one after another")
                + "; what can be decoded is used"
        case .otherClass:
            counted(
                "clip has the content of a clip of another class",
                "clips have the content of a clip of another class")
        case .copy:
            counted(
                "clip has the content of another clip of the same split",
                "clips have the content of another clip of the same split")
        case .emptyFolder:
            counted("class folder holds no recordings", "class folders hold no recordings")
        case .loop:
            counted(
                "link leads to a folder that is read anyway",
                "links lead to folders that are read anyway")
        case .beside:
            counted(
                "recording lies beside the class folders and is not used",
                "recordings lie beside the class folders and are not used")
        case .lookAlike:
            counted(
                "label differs from another in invisible characters alone",
                "labels differ from others in invisible characters alone")
                + "; each is a class of its own"
        }
    }
}
