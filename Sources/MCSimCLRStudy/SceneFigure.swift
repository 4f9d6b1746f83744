public import Acoustics
import Foundation
public import Reports

/// A scene as a drawing: the room from above, the array from near, the impulse response of the
/// first microphone with the decay that is read off.
public struct SceneFigure {
    private let scene: Scene
    private let array: MicrophoneArray

    public init(_ scene: Scene, array: MicrophoneArray) {
        self.scene = scene
        self.array = array
    }

    /// `response` is the impulse response of the first source at the first microphone, with
    /// ``SceneRenderer/latency`` samples before it.
    public func panels(response: some Collection<Float>, sampleRate: Int) -> PanelFigure {
        let decay = DecayPanel(
            Array(response), sampleRate: sampleRate, asked: scene.room.reverberationTime)
        return PanelFigure(width: 640, height: 560, panels: [room, near, decay.panel])
    }

    private var centre: SIMD2<Double> { Self.flat(scene.arrayPosition) }

    private static func flat(_ place: SIMD3<Double>) -> SIMD2<Double> { SIMD2(place.x, place.y) }

    private static func unit(_ angle: Double) -> SIMD2<Double> { SIMD2(cos(angle), sin(angle)) }

    private static func degrees(_ radians: Double) -> String {
        "\(Int((radians * 180 / .pi).rounded()))°".replacing("-", with: "−")
    }

    // MARK: The room from above

    /// Where the room may be on the page; the walls are the box.
    private static let floor = Panel.Frame(x: 52, y: 34, width: 340, height: 256)

    /// Metres a point of the page, the same along both axes.
    private var unit: Double {
        max(scene.room.size.x / Self.floor.width, scene.room.size.y / Self.floor.height)
    }

    private var room: Panel {
        let size = scene.room.size
        let (width, height) = (size.x / unit, size.y / unit)
        let frame = Panel.Frame(
            x: Self.floor.x + (Self.floor.width - width) / 2, y: Self.floor.y, width: width,
            height: height)
        let corners = [(0, 0), (size.x, 0), (size.x, size.y), (0, size.y), (0, 0)]
        var layers: [Panel.Layer] = [
            .line(corners.map { SIMD2($0.0, $0.1) }, Panel.Stroke(.ink, width: 4))
        ]
        layers += forward(length: 50 * unit)
        var taken = fixedTexts
        for source in scene.sources.indices { layers += path(source, &taken) }
        let busy =
            [Self.unit(scene.arrayOrientation)]
            + scene.sources.map { direction(centre, Self.flat($0.position)) }
        layers += [
            .points([centre], diameter: 9, colour: .blue),
            name("array", centre, away: busy, colour: .blue, &taken),
        ]
        return Panel(
            String(format: "Room from above: %.1f × %.1f × %.1f m", size.x, size.y, size.z),
            frame: frame, xAxis: Panel.Axis("x (m)", 0...size.x, step: 1),
            yAxis: Panel.Axis("y (m)", 0...size.y, step: 1), layers: layers)
    }

    private func direction(_ start: SIMD2<Double>, _ end: SIMD2<Double>) -> SIMD2<Double> {
        let offset = end - start
        return offset / max((offset * offset).sum().squareRoot(), 1e-9)
    }

    /// A text on the plan, about 6 points a letter and 12 a line. Units: metres.
    private struct Box {
        var middle: SIMD2<Double>
        var half: SIMD2<Double>

        func meets(_ other: Box) -> Bool {
            let (gap, reach) = (middle - other.middle, half + other.half)
            return abs(gap.x) < reach.x && abs(gap.y) < reach.y
        }
    }

    private func box(_ text: String, _ middle: SIMD2<Double>) -> Box {
        Box(middle: middle, half: SIMD2(3.4 * Double(text.count), 8) * unit)
    }

    /// What stands on the plan whatever is beside it: the azimuths, and the direction that they count from.
    private var fixedTexts: [Box] {
        let angles = scene.sources.indices.map { index in
            let angle = angle(index)
            return box(angle.text, angle.place)
        }
        guard hasRoomForZero else { return angles }
        let zero = centre + Self.unit(scene.arrayOrientation) * (60 * unit)
        return angles + [box("0°", zero)]
    }

    /// Where a name may stand beside its place. Units: points, to the right and up.
    private static let sides: [(offset: SIMD2<Double>, anchor: Panel.Anchor)] = [
        (SIMD2(10, 0), .left), (SIMD2(-10, 0), .right), (SIMD2(0, 15), .center),
        (SIMD2(0, -15), .center), (SIMD2(8, 14), .left), (SIMD2(-8, 14), .right),
        (SIMD2(8, -14), .left), (SIMD2(-8, -14), .right), (SIMD2(0, 30), .center),
        (SIMD2(0, -30), .center), (SIMD2(10, 28), .left), (SIMD2(-10, 28), .right),
        (SIMD2(10, -28), .left), (SIMD2(-10, -28), .right),
    ]

    /// A name beside a place: inside the room, upon no other text, on the side where the least is drawn.
    ///
    /// - Parameters:
    ///   - busy: directions in which lines are drawn.
    ///   - taken: where texts stand, to which this one is added.
    private func name(
        _ text: String, _ place: SIMD2<Double>, away busy: [SIMD2<Double>], colour: Panel.Colour,
        _ taken: inout [Box]
    ) -> Panel.Layer {
        let size = scene.room.size
        func own(_ side: (offset: SIMD2<Double>, anchor: Panel.Anchor)) -> Box {
            let half = SIMD2(box(text, place).half.x, 0)
            let middle = place + side.offset * unit
            return switch side.anchor {
            case .left: box(text, middle + half)
            case .right: box(text, middle - half)
            case .center: box(text, middle)
            }
        }
        func cost(_ number: Int) -> Double {
            let side = Self.sides[number]
            let box = own(side)
            let fits =
                box.middle.x > box.half.x && box.middle.x < size.x - box.half.x
                && box.middle.y > box.half.y && box.middle.y < size.y - box.half.y
            let met = taken.count { $0.meets(box) }
            let towards = direction(SIMD2(0, 0), side.offset)
            let crossed = busy.map { ($0 * towards).sum() }.max() ?? 0
            // Nearer places come first.
            return (fits ? 0 : 100) + 10 * Double(met) + crossed + 0.2 * Double(number / 4)
        }
        let best = Self.sides.indices.min { cost($0) < cost($1) } ?? 0
        taken.append(own(Self.sides[best]))
        return .text(
            text, at: place + Self.sides[best].offset * unit, Self.sides[best].anchor,
            colour: colour)
    }

    /// The direction that azimuths are counted from.
    private func forward(length: Double) -> [Panel.Layer] {
        let end = centre + Self.unit(scene.arrayOrientation) * length
        let line = Panel.Layer.line([centre, end], Panel.Stroke(.grey, width: 1, dash: .dashed))
        guard hasRoomForZero else { return [line] }
        return [
            line,
            .text(
                "0°", at: end + Self.unit(scene.arrayOrientation) * (10 * unit), .center,
                colour: .grey),
        ]
    }

    /// Whether no source lies where the forward direction's name would stand.
    private var hasRoomForZero: Bool {
        scene.sources.indices.allSatisfy { abs(scene.azimuth(ofSource: $0)) > 0.26 }
    }

    /// A source, the direct sound's way, and the arc of its azimuth.
    private func path(_ index: Int, _ taken: inout [Box]) -> [Panel.Layer] {
        let source = scene.sources[index]
        let place = Self.flat(source.position)
        let azimuth = scene.azimuth(ofSource: index)
        let radius = radius(index)
        let arc = (0...60).map { step in
            centre + Self.unit(scene.arrayOrientation + azimuth * Double(step) / 60) * radius
        }
        let angle = angle(index)
        let name = scene.sources.count == 1 ? "source" : "source \(index + 1)"
        var layers: [Panel.Layer] = [
            .line([centre, place], Panel.Stroke(.orange, width: 1.4)),
            .line(arc, Panel.Stroke(.ink, width: 1)),
            .text(angle.text, at: angle.place, .center, colour: .ink),
        ]
        if source.trajectory != nil {
            let track = (0...100).map { Self.flat(source.position(at: Double($0) / 100 * end)) }
            layers.append(.line(track, Panel.Stroke(.orange, width: 1, dash: .dotted)))
        }
        layers += [
            .points([place], diameter: 9, colour: .orange),
            self.name(
                String(format: "%@, %.2f m", name, scene.distance(ofSource: index)), place,
                away: [direction(place, centre)], colour: .orange, &taken),
        ]
        return layers
    }

    /// Of the arc of an azimuth: those of several sources do not lie upon each other. Units: metres.
    private func radius(_ index: Int) -> Double {
        let offset = Self.flat(scene.sources[index].position) - centre
        let length = (offset * offset).sum().squareRoot()
        return min(34 + 12 * Double(index), max(16, 0.6 * length / unit)) * unit
    }

    /// A source's azimuth, and where it is written: beside a narrow wedge, inside a wide one.
    private func angle(_ index: Int) -> (text: String, place: SIMD2<Double>) {
        let azimuth = scene.azimuth(ofSource: index)
        let isNarrow = abs(azimuth) < 0.7
        let middle = Self.unit(
            scene.arrayOrientation + (isNarrow ? (azimuth < 0 ? 0.5 : -0.5) : azimuth / 2))
        let text = Self.degrees(azimuth)
        let clear = 6 + 3.2 * Double(text.count) * abs(middle.x) + 7 * abs(middle.y)
        return (
            text, centre + middle * ((isNarrow ? 20 * unit : radius(index)) + clear * unit)
        )
    }

    /// When the last source has come to rest. Units: seconds.
    private var end: Double {
        scene.sources.map { source in
            switch source.trajectory {
            case nil: 0
            case .arc(_, _, let duration), .line(_, let duration): duration
            }
        }.max() ?? 0
    }

    // MARK: The array from near

    private var near: Panel {
        // Centimetres, along the array's own axes: forward is up.
        let radius = max(array.radius * 100, 0.5)
        let reach = radius * 1.9
        let step = [0.5, 1, 2, 5, 10, 20, 50, 100].first { reach / $0 < 3 } ?? 200
        func turned(_ place: SIMD3<Double>) -> SIMD2<Double> { SIMD2(-place.y, place.x) * 100 }
        var layers: [Panel.Layer] = [
            .line(
                [SIMD2(0, 0), SIMD2(0, reach * 0.8)],
                Panel.Stroke(.grey, width: 1, dash: .dashed))
        ]
        if hasRoomForZero {
            layers.append(.text("0°", at: SIMD2(0, reach * 0.9), .center, colour: .grey))
        }
        for source in scene.sources.indices {
            let direction = scene.azimuth(ofSource: source)
            let toSource = SIMD2(-sin(direction), cos(direction))
            layers.append(
                .arrow(
                    from: toSource * reach * 0.95, to: toSource * reach * 0.6,
                    Panel.Stroke(.orange, width: 1.4)))
            let arc = (0...60).map { step -> SIMD2<Double> in
                let angle = direction * Double(step) / 60
                return SIMD2(-sin(angle), cos(angle)) * (radius * 0.45)
            }
            layers.append(.line(arc, Panel.Stroke(.ink, width: 1)))
            layers.append(
                .line([SIMD2(0, 0), toSource * radius * 0.6], Panel.Stroke(.orange, width: 1)))
        }
        let places = array.positions.map(turned)
        layers.append(.points(places, diameter: 9, colour: .blue))
        for (index, place) in places.enumerated() {
            let length = (place * place).sum().squareRoot()
            let outwards = length > 0 ? place / length : SIMD2(1, 0)
            // Beside the spoke, so that the dashed line and the arrow do not cross the number.
            let beside = SIMD2(outwards.y, -outwards.x) * (0.17 * reach)
            layers.append(
                .text(
                    "\(index + 1)", at: place + beside + outwards * 0.04 * reach, .center,
                    colour: .blue))
        }
        let elevations = scene.sources.indices.map {
            Self.degrees(scene.elevation(ofSource: $0))
        }
        let title = "Array; elevation \(elevations.joined(separator: ", "))"
        return Panel(
            title, frame: Panel.Frame(x: 452, y: 34, width: 170, height: 170),
            xAxis: Panel.Axis("To the right (cm)", -reach...reach, step: step),
            yAxis: Panel.Axis("Forward (cm)", -reach...reach, step: step), layers: layers)
    }
}
