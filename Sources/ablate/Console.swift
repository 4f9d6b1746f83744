import Foundation

/// The terminal, or whatever stands in its place.
enum Console {
    /// Whether standard output is a terminal that can show colour and redraw a line.
    static var isInteractive: Bool {
        isatty(STDOUT_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
    }

    static var usesColour: Bool {
        isInteractive && ProcessInfo.processInfo.environment["NO_COLOR"] == nil
    }

    /// Columns of the terminal; 100 where there is none to ask.
    static var width: Int {
        var size = winsize()
        guard isatty(STDOUT_FILENO) == 1, ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0,
            size.ws_col > 0
        else { return 100 }
        return Int(size.ws_col)
    }

    /// A line on standard error that begins with the program's name: a fault, or a warning.
    static func error(_ message: String) {
        FileHandle.standardError.write(Data("ablate: \(message)\n".utf8))
    }

    /// Text on standard output, at once.
    static func write(_ text: String) {
        FileHandle.standardOutput.write(Data(text.utf8))
    }
}
