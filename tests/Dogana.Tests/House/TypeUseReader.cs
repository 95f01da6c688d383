using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Dogana.Tests.House;

/// <summary>
/// Reads which type uses which out of an assembly: base types, interfaces, attributes, fields, signatures, constraints, locals, catch clauses and
/// every instruction. Constants and <c>nameof</c> leave no trace: the compiler folds them away.
/// </summary>
internal sealed class TypeUseReader : IDisposable
{
    private readonly PEReader _file;
    private readonly MetadataReader _reader;
    private readonly TypeNames _names;
    private readonly HashSet<TypeUse> _uses = [];

    private TypeUseReader(string path)
    {
        _file = new PEReader(File.OpenRead(path));
        _reader = _file.GetMetadataReader();
        _names = new TypeNames(_reader);
    }

    /// <summary>All uses in an assembly.</summary>
    public static IReadOnlySet<TypeUse> Read(string path)
    {
        using var read = new TypeUseReader(path);
        foreach (var handle in read._reader.TypeDefinitions)
        {
            read.ReadType(handle);
        }

        return read._uses;
    }

    /// <summary>The types of an assembly that are public and not nested.</summary>
    public static IReadOnlyList<TypeName> PublicTypes(string path)
    {
        using var read = new TypeUseReader(path);
        return [.. read._reader.TypeDefinitions
            .Where(handle => (read._reader.GetTypeDefinition(handle).Attributes & System.Reflection.TypeAttributes.VisibilityMask) == System.Reflection.TypeAttributes.Public)
            .Select(handle => read._names.Of(handle))];
    }

    /// <summary>The names of the assemblies that an assembly refers to.</summary>
    public static IReadOnlyList<string> References(string path)
    {
        using var read = new TypeUseReader(path);
        return [.. read._reader.AssemblyReferences.Select(handle => read._reader.GetString(read._reader.GetAssemblyReference(handle).Name))];
    }

    public void Dispose() => _file.Dispose();

    private void ReadType(TypeDefinitionHandle handle)
    {
        var type = _reader.GetTypeDefinition(handle);
        var from = _names.Of(handle);
        Add(from, _names.In(type.BaseType));
        ReadAttributes(from, type.GetCustomAttributes());
        ReadConstraints(from, type.GetGenericParameters());
        foreach (var each in type.GetInterfaceImplementations())
        {
            Add(from, _names.In(_reader.GetInterfaceImplementation(each).Interface));
        }

        foreach (var each in type.GetFields())
        {
            var field = _reader.GetFieldDefinition(each);
            Add(from, field.DecodeSignature(_names, null));
            ReadAttributes(from, field.GetCustomAttributes());
        }

        foreach (var each in type.GetProperties())
        {
            ReadAttributes(from, _reader.GetPropertyDefinition(each).GetCustomAttributes());
        }

        foreach (var each in type.GetMethods())
        {
            ReadMethod(from, _reader.GetMethodDefinition(each));
        }
    }

    private void ReadMethod(TypeName from, MethodDefinition method)
    {
        Add(from, TypeNames.In(method.DecodeSignature(_names, null)));
        ReadAttributes(from, method.GetCustomAttributes());
        ReadConstraints(from, method.GetGenericParameters());
        foreach (var each in method.GetParameters())
        {
            ReadAttributes(from, _reader.GetParameter(each).GetCustomAttributes());
        }

        if (method.RelativeVirtualAddress == 0)
        {
            return; // abstract or external
        }

        var body = _file.GetMethodBody(method.RelativeVirtualAddress);
        if (!body.LocalSignature.IsNil)
        {
            Add(from, _reader.GetStandaloneSignature(body.LocalSignature).DecodeLocalSignature(_names, null).SelectMany(static types => types));
        }

        foreach (var region in body.ExceptionRegions)
        {
            Add(from, _names.In(region.CatchType));
        }

        foreach (var handle in Instructions.Operands(body.GetILReader()))
        {
            Add(from, _names.In(handle));
        }
    }

    private void ReadConstraints(TypeName from, GenericParameterHandleCollection parameters)
    {
        foreach (var parameter in parameters)
        {
            foreach (var constraint in _reader.GetGenericParameter(parameter).GetConstraints())
            {
                Add(from, _names.In(_reader.GetGenericParameterConstraint(constraint).Type));
            }
        }
    }

    private void ReadAttributes(TypeName from, CustomAttributeHandleCollection attributes)
    {
        foreach (var handle in attributes)
        {
            var attribute = _reader.GetCustomAttribute(handle);
            Add(from, _names.In(attribute.Constructor));
            Add(from, AttributeTypes.In(_reader, attribute));
        }
    }

    private void Add(TypeName from, IEnumerable<TypeName> types)
    {
        foreach (var to in types)
        {
            _uses.Add(new TypeUse(from, to));
        }
    }
}
