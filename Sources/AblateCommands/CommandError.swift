import Platform
import Sweeps

/// Input of a command that does not fit: what, the value, what to do.
package enum CommandError: Error, CustomStringConvertible {
    case unknownTrial(String, matches: Int)
    case unknownDigest(String, matches: Int)
    case runInProgress(Int)
    case mergeWithItself(path: String)
    case unreadableText(path: String, reason: String)
    case nothingToCheck(path: String, sweep: String)
    case unknownSetting(String, nearest: [String], advice: String?)
    case noSweepFile(String, remedy: String)
    case nothingToSettle(sweep: String)
    case tuneInParts(sweep: String)
    case fileExists(String)
    case unusableName(String)
    case noStarter(String, known: [String])
    case nothingIsBetter(sweep: String, figures: [String])

    package var description: String {
        switch self {
        case .unknownDigest(let text, let matches):
            matches == 0
                ? "no trial's or stage's digest begins with '\(text)'; "
                    + "'\(ProgramName.current) status SWEEP --trials' lists the trials"
                : "\(matches) digests begin with '\(text)'; give more digits"
        case .unknownTrial(let text, let matches):
            matches == 0
                ? "no trial's digest begins with '\(text)'; '\(ProgramName.current) status SWEEP --trials' lists them"
                : "\(matches) trials' digests begin with '\(text)'; give more digits"
        case .unknownSetting(let name, _, let advice?):
            "there is no setting '\(name)': \(advice)"
        case .unknownSetting(let name, let nearest, nil):
            "there is no setting, evaluation or metric '\(name)'; the nearest are "
                + nearest.joined(separator: ", ")
        case .noSweepFile(let path, let remedy):
            "\(path) is no file; \(remedy)"
        case .runInProgress(let stages):
            "\(Count.text(stages, "stage")) \(Count.word(stages, "is", "are")) running and may need the cache; wait for the run, or stop it"
        case .mergeWithItself(let path):
            "\(path) is the results folder itself; name other folders, or another one with --results"
        case .unreadableText(let path, let reason):
            "\(path) cannot be read: \(reason); give a LaTeX or Markdown file"
        case .nothingToSettle(let sweep):
            "\(sweep) compares no configuration with a baseline, so that nothing can be settled; name "
                + "one under 'baseline' (sweeps/FORMAT.md)"
        case .tuneInParts(let sweep):
            "\(sweep) is tuned (section 'tune'), and a part of it cannot know what rows choose before all "
                + "of their points are run; leave --part out, and start the same command in several "
                + "terminals on one results folder"
        case .fileExists(let path):
            "\(path) is there already and is not replaced; give another name, or remove it"
        case .unusableName(let name):
            "the name is '\(name)', but must be \(SweepNameRule.text)"
        case .noStarter(let study, let known):
            "no file can be begun for the study '\(study)'; "
                + (known.isEmpty
                    ? "write one by hand" : "give one of \(known.joined(separator: ", "))")
        case .nothingIsBetter(let sweep, let figures):
            "no figure of \(sweep) says which values are better (\(figures.joined(separator: ", "))), so that "
                + "nothing can be settled; give one 'better: higher' or 'better: lower'"
        case .nothingToCheck(let path, let sweep):
            "\(path) has no number that is marked as one of \(sweep); put the table between "
                + "'% ablate table \(sweep)' and '% ablate end', or write "
                + "\\ablate{row}{column}{number}"
        }
    }
}
