/// What can go wrong when figures and reports are written.
public enum ReportsError: Error, Sendable, Hashable, CustomStringConvertible {
    case gnuplotMissing
    case gnuplotFailed(figure: String, message: String)
    case figureEmpty(String)
    case figureFormat(String)
    case unwritable(path: String, reason: String)

    public var description: String {
        switch self {
        case .gnuplotMissing:
            "gnuplot is not on the PATH, so no figure can be drawn; install it "
                + "(Debian: apt-get install gnuplot-nox)"
        case .gnuplotFailed(let figure, let message):
            "gnuplot could not draw the figure '\(figure)': \(message); run its script by hand to "
                + "see where"
        case .figureEmpty(let figure):
            "the figure '\(figure)' has no finite value to draw; run the trials that it needs first"
        case .figureFormat(let path):
            "'\(path)' has no ending that names a format of drawings; give one of "
                + GnuplotFigure.Format.allCases.filter { $0 != .columnPDF }
                .map { ".\($0.rawValue)" }.joined(separator: ", ")
        case .unwritable(let path, let reason):
            "'\(path)' could not be written: \(reason); choose another folder or free some room"
        }
    }
}
