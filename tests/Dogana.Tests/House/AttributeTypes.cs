using System.Reflection.Metadata;
using System.Text.RegularExpressions;

namespace Dogana.Tests.House;

/// <summary>The types of Dogana that an attribute names by <c>typeof</c>: they stand in it as text.</summary>
internal static partial class AttributeTypes
{
    private const string TypeOfType = "System.Type";

    public static IEnumerable<TypeName> In(MetadataReader reader, CustomAttribute attribute)
    {
        var value = attribute.DecodeValue(new Texts(reader));
        var texts = value.FixedArguments.Select(static argument => (argument.Type, argument.Value))
            .Concat(value.NamedArguments.Select(static argument => (argument.Type, argument.Value)))
            .Where(static argument => argument.Type == TypeOfType)
            .Select(static argument => argument.Value as string ?? "");
        var own = reader.GetString(reader.GetAssemblyDefinition().Name);
        return texts.SelectMany(static text => Dogana().Matches(text)).Select(match =>
        {
            var assembly = match.Groups["assembly"].Value;
            return new TypeName(assembly.Length == 0 || assembly == own ? null : assembly, match.Groups["space"].Value, match.Groups["name"].Value);
        });
    }

    // Of Dogana.Client.Orders+Line, Dogana.Client, Version=…: the namespace, the outermost type, and the assembly when it is another one.
    [GeneratedRegex(@"(?<![\w.]|,\s*)(?<space>Dogana(\.\w+)*)\.(?<name>\w+)(\+\w+)*(,\s*(?<assembly>[\w.]+))?", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Dogana();

    private sealed class Texts(MetadataReader reader) : ICustomAttributeTypeProvider<string>
    {
        public string GetPrimitiveType(PrimitiveTypeCode typeCode) => $"{typeCode}";

        public string GetSystemType() => TypeOfType;

        public string GetSZArrayType(string elementType) => elementType + "[]";

        public string GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => new TypeNames(reader).Of(handle).ToString();

        public string GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => new TypeNames(reader).Of(handle).ToString();

        public string GetTypeFromSerializedName(string name) => name;

        public bool IsSystemType(string type) => type == TypeOfType;

        // An enum of ours says what it is made of; of others we know none that is no int.
        public PrimitiveTypeCode GetUnderlyingEnumType(string type)
        {
            foreach (var handle in reader.TypeDefinitions)
            {
                var definition = reader.GetTypeDefinition(handle);
                if (new TypeNames(reader).Of(handle).ToString() == type && definition.GetFields().Select(reader.GetFieldDefinition).FirstOrDefault(IsValue) is { Signature.IsNil: false } field)
                {
                    var signature = reader.GetBlobReader(field.Signature);
                    signature.ReadSignatureHeader();
                    return (PrimitiveTypeCode)signature.ReadCompressedInteger();
                }
            }

            return PrimitiveTypeCode.Int32;
        }

        private bool IsValue(FieldDefinition field) => reader.GetString(field.Name) == "value__";
    }
}
