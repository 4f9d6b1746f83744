import Foundation
import Platform
import Synchronization

/// The terminal, or whatever stands in its place.
///
/// A write that fails ends nothing: what runs goes on, and the end of the program says that its output
/// is not whole.
package enum Console {
    private static let failureCode = Mutex<Int32?>(nil)

    /// Whether standard output is a terminal that can show colour and redraw a line.
    package static var isInteractive: Bool {
        isatty(STDOUT_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    }

    package static var usesColour: Bool {
        isInteractive && ProcessInfo.processInfo.environment["NO_COLOR"] == nil
    }

    /// Columns of the terminal; 100 where there is none to ask.
    package static var width: Int {
        var size = winsize()
        guard isatty(STDOUT_FILENO) == 1, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0,
            size.ws_col > 0
        else { return 100 }
        return Int(size.ws_col)
    }

    /// Lines of the terminal; 24 where there is none to ask.
    package static var height: Int {
        var size = winsize()
        guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_row > 2 else { return 24 }
        return Int(size.ws_row)
    }

    /// Lines for people: on a terminal broken between words where they are wider than it is.
    package static func write(wrapping text: String) {
        guard isInteractive else { return write(text) }
        let lines = text.components(separatedBy: "\n")
        write(StatusText.fitted(lines, width: width, height: nil).joined(separator: "\n"))
    }

    /// The error number of the first write to standard output that failed; nil where none has.
    package static var failure: Int32? { failureCode.withLock { $0 } }

    /// A line on standard error that begins with the program's name: a fault, or a warning.
    package static func error(_ message: String) {
        _ = Descriptor.write("ablate: \(TerminalText.harmless(message))\n", to: STDERR_FILENO)
    }

    /// Text on standard output, at once. It may hold what others wrote: control characters in it do
    /// not reach the terminal.
    package static func write(_ text: String) { put(TerminalText.harmless(text)) }

    /// Text that may steer the terminal: bars that are redrawn, and tables, whose renderers have
    /// cleaned what others wrote.
    package static func write(steering text: String) { put(text) }

    private static func put(_ text: String) {
        // Nobody reads any more: nothing that follows would be read either.
        guard failure != EPIPE, let code = Descriptor.write(text, to: STDOUT_FILENO) else { return }
        failureCode.withLock { $0 = $0 ?? code }
    }
}
