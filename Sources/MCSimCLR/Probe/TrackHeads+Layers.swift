import NeuralNetwork

extension TrackHeads {
    /// Makes two layers say of an embedding what these heads say: the standardisation becomes part of
    /// their weights.
    ///
    /// Shape: classes [K x classes, features], directions [K x 2, features], track after track.
    func write(classes: Linear, directions: Linear) {
        for (track, head) in tracks.enumerated() {
            let standardisation = head.standardisation
            head.classes.write(
                to: classes, firstOutput: track * head.classes.outputs, standardisation)
            head.direction.write(to: directions, firstOutput: track * 2, standardisation)
        }
    }
}

extension LinearMap {
    fileprivate func write(
        to layer: Linear, firstOutput: Int, _ standardisation: Standardisation
    ) {
        precondition(layer.weight.value.shape[1] == inputs, "a layer of other inputs")
        for output in 0..<outputs {
            var bias = weights[inputs, output]
            for input in 0..<inputs {
                // W (x - m) s + b = (W s) x + (b - W s m)
                let weight = weights[input, output] * standardisation.inverseDeviation[input]
                layer.weight.value[(firstOutput + output) * inputs + input] = Float(weight)
                bias -= weight * standardisation.mean[input]
            }
            layer.bias.value[firstOutput + output] = Float(bias)
        }
    }
}
