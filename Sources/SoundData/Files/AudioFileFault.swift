/// Why a clip is not used: what footnotes count by.
public enum ClipFault: String, Sendable, Codable, Hashable, CaseIterable {
    /// No file is there, or none that may be opened.
    case missing
    /// There is a file, but not one that can be decoded.
    case unreadable
    /// Every sample is zero.
    case silent
    /// Some samples are not numbers, or infinite.
    case notFinite
    /// Samples beyond all bounds, or so small that nothing is left of them.
    case level
    /// Nothing ever changes in it, though it is not zero.
    case constant
    /// The samples are not those that the file's checksum was made of.
    case damaged
    /// The recording does not have the channels, or the length, that its annotation says.
    case mismatch
    /// A copy of a clip that validates or tests.
    case copy
    /// An event of an annotated recording that is too short by itself.
    case short
    /// An event of an annotated recording that sounds with others.
    case overlapped
    /// An event of an annotated recording whose source is nowhere long enough.
    case moving
}

/// Why a file cannot be read.
struct AudioFileFault: Error, Hashable {
    let fault: ClipFault
    let reason: String

    init(_ fault: ClipFault, _ reason: String) {
        self.fault = fault
        self.reason = reason
    }
}
