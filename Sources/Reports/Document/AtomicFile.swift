public import Foundation
import Platform

/// Writes a file so that readers see the old content or the new, and never a part.
public enum AtomicFile {
    /// - Throws: ``ReportsError/unwritable(path:reason:)``.
    public static func write(_ content: Data, to url: URL) throws(ReportsError) {
        do {
            try WholeFile.write(content, to: url)
        } catch {
            throw .unwritable(path: url.path, reason: error.reason)
        }
    }

    /// Writes UTF-8.
    public static func write(_ text: String, to url: URL) throws(ReportsError) {
        try write(Data(text.utf8), to: url)
    }
}
