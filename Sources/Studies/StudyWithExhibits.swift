public import Foundation
public import ResultsStore

/// A study that has more to show and to hear than figures and curves, and files to give away.
public protocol StudyWithExhibits: Study {
    /// What there is of a sweep; none where its files are gone.
    func exhibitions(of sweep: ExhibitedSweep) throws -> [Exhibition]

    /// One of them, with what was chosen.
    ///
    /// Throws: whatever keeps it from being shown, in words for the user.
    func exhibits(_ request: ExhibitRequest, of sweep: ExhibitedSweep) throws -> [Exhibit]

    /// A sound of an exhibition as a WAV file; nil where there is none of this number.
    func sound(_ number: Int, _ request: ExhibitRequest, of sweep: ExhibitedSweep) throws -> Data?

    /// Files that a finished stage has left and that are there, for people to take with them.
    func files(of stage: StageRecord, in layout: ResultsLayout) -> [StageFile]
}

/// A sweep whose exhibits are asked for.
public struct ExhibitedSweep: Sendable {
    public var record: SweepRecord
    public var store: ResultsStore
    public var layout: ResultsLayout

    public init(record: SweepRecord, store: ResultsStore, layout: ResultsLayout) {
        self.record = record
        self.store = store
        self.layout = layout
    }
}

/// A thing to see or hear, with what there is to choose.
public struct Exhibition: Sendable, Encodable {
    public struct Choice: Sendable, Encodable {
        public struct Option: Sendable, Encodable {
            public var value: String
            public var label: String

            public init(_ value: String, _ label: String) {
                self.value = value
                self.label = label
            }
        }

        public var name: String
        public var label: String
        public var options: [Option]

        public init(_ name: String, _ label: String, _ options: [Option]) {
            self.name = name
            self.label = label
            self.options = options
        }
    }

    /// A word for addresses.
    public var name: String
    public var title: String
    public var choices: [Choice]

    public init(_ name: String, title: String, choices: [Choice]) {
        self.name = name
        self.title = title
        self.choices = choices
    }
}

/// Which exhibition, and what was chosen: names of choices with values, which may be anything at all.
public struct ExhibitRequest: Sendable {
    public var exhibition: String
    public var choices: [String: String]

    public init(_ exhibition: String, choices: [String: String]) {
        self.exhibition = exhibition
        self.choices = choices
    }
}

/// A file that a stage has left.
public struct StageFile: Sendable, Hashable {
    /// A word for addresses, which other stages of the kind use too: `encoder`.
    public var name: String
    /// In words: "pretrained encoder (safetensors)".
    public var title: String
    public var url: URL
    /// What to call a copy.
    public var fileName: String

    public init(name: String, title: String, url: URL, fileName: String) {
        self.name = name
        self.title = title
        self.url = url
        self.fileName = fileName
    }
}
