/* python.exe of the lab: hands the command line to the real python311.dll beside it. */
#include <windows.h>

typedef int (*entry)(int, wchar_t **);

int wmain(int count, wchar_t **arguments) {
    HMODULE library = LoadLibraryW(L"python311.dll");
    entry run = library ? (entry)GetProcAddress(library, "Py_Main") : NULL;
    return run ? run(count, arguments) : 101;
}
