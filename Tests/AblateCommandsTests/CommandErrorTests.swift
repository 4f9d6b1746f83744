import AblateCommands
import Testing

@Suite("What commands say of input that does not fit")
struct CommandErrorTests {
    private static let messages: [(error: CommandError, text: String)] = [
        (
            .unknownTrial("3f", matches: 0),
            "no trial's digest begins with '3f'; 'ablate status SWEEP --trials' lists them"
        ),
        (.unknownTrial("3f", matches: 2), "2 trials' digests begin with '3f'; give more digits"),
        (
            .unknownDigest("3f", matches: 0),
            "no trial's or stage's digest begins with '3f'; 'ablate status SWEEP --trials' lists "
                + "the trials"
        ),
        (.unknownDigest("3f", matches: 3), "3 digests begin with '3f'; give more digits"),
        (
            .runInProgress(2),
            "2 stages are running and may need the cache; wait for the run, or stop it"
        ),
        (
            .mergeWithItself(path: "results"),
            "results is the results folder itself; name other folders, or another one with --results"
        ),
        (
            .unreadableText(path: "a.tex", reason: "it is no text"),
            "a.tex cannot be read: it is no text; give a LaTeX or Markdown file"
        ),
        (
            .nothingToCheck(path: "a.tex", sweep: "s"),
            "a.tex has no number that is marked as one of s; put the table between "
                + "'% ablate table s' and '% ablate end', or write \\ablate{row}{column}{number}"
        ),
        (
            .unknownSetting("batchsizes", nearest: ["batch_size", "bs"], advice: nil),
            "there is no setting, evaluation or metric 'batchsizes'; the nearest are batch_size, bs"
        ),
        (
            .unknownSetting("lr", nearest: [], advice: "it is called learning_rate here"),
            "there is no setting 'lr': it is called learning_rate here"
        ),
        (
            .noSweepFile("table1", remedy: "did you mean sweeps/table1.yaml?"),
            "table1 is no file; did you mean sweeps/table1.yaml?"
        ),
        (
            .nothingToSettle(sweep: "s"),
            "s compares no configuration with a baseline, so that nothing can be settled; name one "
                + "under 'baseline' (sweeps/FORMAT.md)"
        ),
        (
            .tuneInParts(sweep: "s"),
            "s is tuned (section 'tune'), and a part of it cannot know what rows choose before all of "
                + "their points are run; leave --part out, and start the same command in several "
                + "terminals on one results folder"
        ),
        (
            .nothingIsBetter(sweep: "s", figures: ["loss", "score"]),
            "no figure of s says which values are better (loss, score), so that nothing can be settled; "
                + "give one 'better: higher' or 'better: lower'"
        ),
        (
            .fileExists("a.yaml"),
            "a.yaml is there already and is not replaced; give another name, or remove it"
        ),
        (
            .unusableName("a b"),
            "the name is 'a b', but must be usable as a folder's name: letters, digits and '-', '_', "
                + "'.', beginning with a letter or a digit, at most 100, and not 'cache', 'studies', "
                + "'instruments', 'bench.json' or 'ablate.sqlite...'"
        ),
        (
            .noStarter("toy", known: ["mcsimclr", "command"]),
            "no file can be begun for the study 'toy'; give one of mcsimclr, command"
        ),
    ]

    @Test("says what, the value and what to do", arguments: messages.indices)
    func message(index: Int) {
        #expect("\(Self.messages[index].error)" == Self.messages[index].text)
    }

    @Test("each error has its message above")
    func complete() {
        // A new case does not compile until it is counted.
        let cases = Set(
            Self.messages.map { message in
                switch message.error {
                case .unknownTrial: 0
                case .unknownDigest: 1
                case .runInProgress: 2
                case .mergeWithItself: 3
                case .unreadableText: 4
                case .nothingToCheck: 5
                case .unknownSetting: 6
                case .noSweepFile: 7
                case .nothingToSettle: 8
                case .tuneInParts: 9
                case .nothingIsBetter: 10
                case .fileExists: 11
                case .noStarter: 12
                case .unusableName: 13
                }
            })
        #expect(cases == Set(0..<14))
    }
}
