// What HDF5 names by macros that call functions, or by versions of a function, and so has no name in Swift.
#include <hdf5.h>
#include <string.h>

static inline hid_t ablate_hdf5_native_float(void) { return H5T_NATIVE_FLOAT; }

static inline hid_t ablate_hdf5_native_double(void) { return H5T_NATIVE_DOUBLE; }

/// Opens a file for reading; below 0 where it is none. Errors are told by what is returned, not printed,
/// and no filter is loaded from a folder of plug-ins.
static inline hid_t ablate_hdf5_open(const char *path) {
    H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
    H5PLset_loading_state(0);
    return H5Fopen(path, H5F_ACC_RDONLY, H5P_DEFAULT);
}

/// Whether a name of the file's root is a link to an object of this file itself: 1; 0 where it leads
/// elsewhere, -1 where there is none.
static inline int ablate_hdf5_link(hid_t file, const char *name) {
    H5L_info_t info;
    if (H5Lexists(file, name, H5P_DEFAULT) <= 0) return -1;
    if (H5Lget_info(file, name, &info, H5P_DEFAULT) < 0) return -1;
    return info.type == H5L_TYPE_HARD;
}

/// Reads an attribute of one text into `buffer`; returns its length in bytes, -1 where there is none, -2
/// where it is something else, or longer than the buffer.
static inline long ablate_hdf5_text(
    hid_t object, const char *name, char *buffer, size_t capacity) {
    if (H5Aexists(object, name) <= 0) return -1;
    hid_t attribute = H5Aopen(object, name, H5P_DEFAULT);
    if (attribute < 0) return -2;
    long length = -2;
    hid_t type = H5Aget_type(attribute);
    hid_t space = H5Aget_space(attribute);
    if (type >= 0 && space >= 0 && H5Tget_class(type) == H5T_STRING &&
        H5Sget_simple_extent_npoints(space) == 1) {
        if (H5Tis_variable_str(type) > 0) {
            char *text = NULL;
            hid_t memory = H5Tcopy(H5T_C_S1);
            H5Tset_size(memory, H5T_VARIABLE);
            H5Tset_cset(memory, H5Tget_cset(type));
            if (H5Aread(attribute, memory, &text) >= 0 && text != NULL) {
                size_t count = strnlen(text, capacity);
                if (count < capacity) {
                    memcpy(buffer, text, count);
                    length = (long)count;
                }
                H5free_memory(text);
            }
            H5Tclose(memory);
        } else {
            size_t size = H5Tget_size(type);
            if (size < capacity && H5Aread(attribute, type, buffer) >= 0)
                length = (long)strnlen(buffer, size);
        }
    } else if (type >= 0 && space >= 0 && H5Tget_class(type) == H5T_STRING &&
               H5Sget_simple_extent_npoints(space) == 0) {
        length = 0;
    }
    if (space >= 0) H5Sclose(space);
    if (type >= 0) H5Tclose(type);
    H5Aclose(attribute);
    return length;
}
