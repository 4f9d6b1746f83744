import ArgumentParser
import Foundation
import Reports

/// `--plot`, alone or with the name of a file.
enum PlotFile: ExpressibleByArgument, CustomStringConvertible {
    case besideOutput
    case named(String)

    init?(argument: String) {
        guard !argument.isEmpty else { return nil }
        self = .named(argument)
    }

    var description: String {
        switch self {
        case .besideOutput: "beside the output, as .svg"
        case .named(let path): path
        }
    }

    /// - Throws: `ValidationError` for a name without the ending of a format.
    func validate() throws {
        guard case .named(let path) = self else { return }
        let endings = GnuplotFigure.Format.allCases.map(\.rawValue)
        guard endings.contains(URL(fileURLWithPath: path).pathExtension.lowercased()) else {
            throw ValidationError(
                "--plot is '\(path)', but must end in "
                    + endings.map { ".\($0)" }.joined(separator: ", "))
        }
    }

    /// `what` is drawn; it keeps the drawings of one recording apart.
    func url(output: String, what: String) -> URL {
        switch self {
        case .besideOutput:
            URL(
                fileURLWithPath: URL(fileURLWithPath: output).deletingPathExtension().path
                    + "-\(what).svg")
        case .named(let path): URL(fileURLWithPath: path)
        }
    }
}
