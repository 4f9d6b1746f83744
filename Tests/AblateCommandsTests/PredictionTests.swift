import AblateCommands
import Testing

@Suite("Predictions in words")
struct PredictionTests {
    @Test("the spread holds nine of ten runs")
    func spread() {
        #expect(Prediction.text(seconds: 133, deviation: 20) == "2 min 13 s (± 33 s)")
    }

    @Test("what is left is told in whole seconds, and no spread of less than one")
    func left() {
        #expect(Prediction.left(seconds: 200, deviation: 20) == "about 3 min 20 s left (± 33 s)")
        #expect(Prediction.left(seconds: 7.4, deviation: 1.9) == "about 7 s left (± 3 s)")
        #expect(Prediction.left(seconds: 4.2, deviation: 0.1) == "about 4 s left")
        #expect(Prediction.left(seconds: 0.2, deviation: 0.2) == "about a second left")
        #expect(Prediction.left(seconds: 0, deviation: 0) == "about a second left")
    }

    @Test("a busy machine is told, with what it may cost; an idle one is not")
    func load() {
        func text(_ load: Double, workers: Int = 2) -> String {
            Prediction.underLoad(seconds: 60, load: load, workers: workers, processors: 2)
        }
        #expect(text(0.2).isEmpty && text(0.9, workers: 1).isEmpty)
        #expect(
            text(6) == "; others keep the machine busy (load 6.0): it may take up to 4 min 0 s")
        #expect(text(2, workers: 8).hasSuffix("up to 2 min 0 s"))
    }
}
