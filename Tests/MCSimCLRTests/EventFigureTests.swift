import MCSimCLR
import Testing

@Suite("Figures of events")
struct EventFigureTests {
    private func prediction(_ truth: Double, _ answer: Double, right: Bool = true) -> Prediction {
        Prediction(
            recording: 0, clip: 0, label: 1, predictedLabel: right ? 1 : 2,
            azimuth: truth * .pi / 180, predictedAzimuth: answer * .pi / 180)
    }

    @Test("azimuth errors wrap around: 179 and -179 degrees are 2 degrees apart")
    func wrapAround() {
        #expect(abs(prediction(179, -179).azimuthError - 2) < 1e-9)
        #expect(abs(prediction(-170, 170).azimuthError - 20) < 1e-9)
        #expect(abs(prediction(0, 180).azimuthError - 180) < 1e-9)
        #expect(abs(prediction(350, -10).azimuthError) < 1e-9)
        #expect(abs(prediction(90, 450 + 360).azimuthError) < 1e-9)
    }

    private func value(_ figure: String, _ predictions: [Prediction]) throws -> Double {
        let found = try #require(EventFigure.all.first { $0.name == figure })
        return try #require(found.value(of: predictions))
    }

    @Test("mean, median and shares within 5, 10 and 20 degrees of a known set")
    func knownSet() throws {
        let predictions = [
            prediction(0, 4.9), prediction(0, -15.1, right: false), prediction(90, 120),
            prediction(-90, -90),
        ]
        #expect(try abs(value("accuracy", predictions) - 75) < 1e-12)
        #expect(try abs(value("error", predictions) - 12.5) < 1e-9)
        #expect(try abs(value("median_error", predictions) - 10) < 1e-9)
        #expect(try value("within_5", predictions) == 50)
        #expect(try value("within_10", predictions) == 50)
        #expect(try value("within_20", predictions) == 75)
    }

    @Test("the median of an odd number of errors is the middle one")
    func oddMedian() throws {
        let predictions = [prediction(0, 1), prediction(0, 50), prediction(0, 3)]
        #expect(try abs(value("median_error", predictions) - 3) < 1e-9)
    }

    @Test(
        "the error of a quantity is the mean of its absolute errors, where all predictions have it")
    func quantities() throws {
        let predictions = [(2.0, 1.5), (1, 2)].map { truth, predicted in
            var prediction = prediction(0, 0)
            prediction.quantities = [.init(.distance, truth: truth, predicted: predicted)]
            return prediction
        }
        #expect(try value("distance_error", predictions) == 0.75)
        let figure = try #require(EventFigure.all.first { $0.name == "distance_error" })
        #expect(figure.value(of: predictions + [prediction(0, 0)]) == nil)
        #expect(
            EventFigure.stored(of: predictions, prefix: "probe")["probe_distance_error"] == 0.75)
        #expect(
            EventFigure.stored(of: predictions, prefix: "probe")["probe_rt60_error"] == nil)
    }

    @Test("what evaluations store is what they always stored: a figure that came later is not")
    func stored() {
        let names = EventFigure.stored(of: [prediction(0, 3)], prefix: "probe").keys.sorted()
        #expect(
            names == [
                "probe_accuracy", "probe_error", "probe_median_error", "probe_within_10",
                "probe_within_20",
            ])
    }
}
