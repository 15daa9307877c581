using System.Globalization;
using TinyLm.Network;
using TinyLm.Packaging;

namespace TinyLm.Training;

/// <summary>A smaller decoder that begins with what fits of its teacher.</summary>
internal static class Student
{
    /// <param name="teacher">The teacher's weights.</param>
    /// <param name="shape">The student's.</param>
    /// <param name="seed">Of what does not fit, which begins at random.</param>
    public static DecoderWeights Begin(DecoderWeights teacher, DecoderShape shape, int seed)
    {
        var student = new DecoderWeights(shape);
        student.Initialize(seed);
        foreach (var name in DecoderTensors.Names(shape))
        {
            var values = DecoderTensors.Read(teacher, SourceOf(name, shape.Layers, teacher.Shape.Layers));
            if (values.Length == DecoderTensors.Read(student, name).Length)
                DecoderTensors.Write(student, name, values);
        }

        return student;
    }

    // Of four layers, two take the first and the third.
    private static string SourceOf(string name, int layers, int teacherLayers)
    {
        var parts = name.Split('.');
        return parts is ["layers", var layer, ..] ? $"layers.{int.Parse(layer, CultureInfo.InvariantCulture) * teacherLayers / layers}.{parts[2]}.{parts[3]}" : name;
    }
}
